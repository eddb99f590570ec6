from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.feeds import headers as ask

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120),
        ({"retry-after": " 0 "}, 0),
        ({"Retry-After": "Mon, 02 Mar 2026 16:00:00 GMT"}, 3600),
        (
            {"Retry-After": "Mon, 02 Mar 2026 16:00:00 GMT", "Date": "Mon, 02 Mar 2026 15:50:00 GMT"},
            600,
        ),
        ({"Retry-After": "Mon, 02 Mar 2026 14:00:00 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "٣٠"}, None),
        ({"Retry-After": "9" * 400}, 2**31),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: int | None) -> None:
    assert ask.retry_after(CIMultiDict(headers), NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=900"}, 900),
        ({"Cache-Control": 'public, MAX-AGE="900"'}, 900),
        ({"Cache-Control": "max-age=900", "Age": "300"}, 600),
        ({"Cache-Control": "max-age=60", "Age": "300"}, 0),
        ({"Cache-Control": "s-maxage=900"}, None),
        ({"Cache-Control": "no-cache, max-age=900"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Cache-Control": "max-age=900", "Expires": "Mon, 02 Mar 2026 19:00:00 GMT"}, 900),
        ({"Expires": "Mon, 02 Mar 2026 16:00:00 GMT"}, 3600),
        ({"Expires": "Mon, 02 Mar 2026 16:00:00 GMT", "Date": "Mon, 02 Mar 2026 15:30:00 GMT"}, 1800),
        ({"Expires": "0"}, 0),
        ({"Expires": "Thu, 19 Nov 1981 08:52:00 GMT"}, 0),
    ],
)
def test_cache_lifetime(headers: dict[str, str], seconds: int | None) -> None:
    assert ask.cache_lifetime(CIMultiDict(headers), NOW) == seconds


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "unquoted", '"with, comma"'])
def test_a_validator_is_kept_byte_for_byte(etag: str) -> None:
    assert ask.validator(CIMultiDict({"ETag": etag}), "ETag") == etag


@pytest.mark.parametrize("etag", ["", "á", "x" * 2000, "a\x01b"])
def test_a_validator_that_could_not_be_sent_back_is_left_out(etag: str) -> None:
    assert ask.validator(CIMultiDict({"ETag": etag}), "ETag") is None


def test_small_questions() -> None:
    headers = CIMultiDict({"Content-Type": "Text/HTML; Charset='UTF-8'", "Content-Encoding": "x-gzip"})
    assert ask.charset(headers["Content-Type"]) == "utf-8"
    assert ask.charset("text/xml") is None
    assert ask.content_codings(headers) == ("gzip",)
    assert ask.content_codings(CIMultiDict({"Content-Encoding": "identity"})) == ()
    assert ask.content_length(CIMultiDict({"Content-Length": "12"})) == 12
    assert ask.content_length(CIMultiDict({"Content-Length": "many"})) is None


@given(st.text())
def test_no_header_value_raises(text: str) -> None:
    headers = CIMultiDict(
        dict.fromkeys(
            ("Retry-After", "Cache-Control", "Expires", "Date", "Age", "ETag", "Content-Type"), text
        )
    )
    ask.retry_after(headers, NOW)
    ask.cache_lifetime(headers, NOW)
    ask.validator(headers, "ETag")
    ask.http_date(text)
    ask.charset(text)
