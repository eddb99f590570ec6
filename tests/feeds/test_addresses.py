from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.addresses import (
    ConnectionRefusedByGuard,
    check_url,
    guarded_socket,
    is_public,
    literal_address,
    without_credentials,
)
from bot.feeds.errors import AddressRefused

PRIVATE_HOSTS = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",
    "10.0.0.8",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "2852039166",
    "0xA9FEA9FE",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2001:0:53aa:64c::1]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fec0::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "１２７．０．０．１",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "localhost",
    "LOCALHOST.",
    "feeds.localhost",
    "metadata.google.internal",
    "router.lan",
    "intranet",
]


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_private_hosts_are_refused_however_they_are_written(host: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_url(f"http://{host}/feed")
    assert refused.value.code == "private_address"


@pytest.mark.parametrize("host", ["www.jornada.com.mx", "93.184.216.34", "[2606:2800:220:1::1]", "niño.mx"])
def test_public_hosts_pass(host: str) -> None:
    assert check_url(f"https://{host}/rss.xml").scheme == "https"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/feed", "bad_scheme"),
        ("file:///etc/passwd", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("//example.org/feed", "bad_scheme"),
        ("http://", "bad_address"),
        ("http:///feed", "bad_address"),
        ("http://[::1/feed", "bad_address"),
        ("http://example.org:99999/", "bad_address"),
        ("http://exa mple.org/", "bad_address"),
        ("http://ex<ample.org/", "bad_address"),
        ("http://example.org/" + "a" * 3000, "bad_address"),
        ("https://reader:secret@example.org/feed", "credentials"),
        ("http://example.org@127.0.0.1/", "credentials"),
    ],
)
def test_bad_addresses_are_refused_with_a_code(url: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_url(url)
    assert refused.value.code == code
    assert "secret" not in str(refused.value)


def test_the_loopback_switch_lifts_only_the_private_check() -> None:
    assert check_url("http://127.0.0.1:8080/feed", allow_private=True).port == 8080
    with pytest.raises(AddressRefused):
        check_url("file:///etc/passwd", allow_private=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fe80::1%2"])
def test_the_dial_refuses_private_addresses(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with pytest.raises(ConnectionRefusedByGuard):
        guarded_socket()((family, socket.SOCK_STREAM, 6, "", (address, 80)))


def test_the_dial_takes_public_addresses_and_loopback_when_told() -> None:
    guarded_socket()((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80))).close()
    guarded_socket(allow_private=True)((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))).close()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ana:clave@feeds.example.org/x", "https://feeds.example.org/x"),
        ("https://a@b@example.org?q=1", "https://example.org?q=1"),
        ("https://example.org/@proceso", "https://example.org/@proceso"),
        ("no address", "no address"),
    ],
)
def test_credentials_are_never_shown(url: str, shown: str) -> None:
    assert without_credentials(url) == shown


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_one_number_is_the_same_address_in_every_base(value: int, form: str) -> None:
    assert literal_address(form.format(value)) == IPv4Address(value)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_inside_ipv6(address: IPv4Address) -> None:
    mapped = ip_address(f"::ffff:{address}")
    nat64 = IPv6Address(int(IPv6Address("64:ff9b::")) + int(address))
    assert is_public(mapped) == is_public(nat64) == is_public(address)
    if address.is_private or address.is_loopback or address.is_link_local:
        assert not is_public(address)


@given(st.ip_addresses(v=6))
def test_only_global_unicast_ipv6_is_public(address: IPv6Address) -> None:
    if is_public(address):
        assert not (address.is_loopback or address.is_link_local or address.is_site_local)
        assert not (address.is_multicast or address.is_private or address.is_unspecified)


@given(st.text())
def test_reading_a_host_never_raises(host: str) -> None:
    literal_address(host)


@given(st.text())
def test_any_text_is_either_checked_or_refused(url: str) -> None:
    for candidate in (url, "http://" + url):
        try:
            check_url(candidate)
        except AddressRefused as refused:
            assert refused.code
