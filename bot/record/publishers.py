"""Where a document of the record may lie: official publishers and archives, by their hosts."""

from __future__ import annotations

from urllib.parse import urlsplit

#: A host is known if it is one of these or lies under one of them.
KNOWN_HOSTS = (
    # The United States: the federal government, its states, its courts and its forces.
    "gov",
    "mil",
    # Mexico and the countries of Central America; dof.gob.mx and diputados.gob.mx lie under the first.
    "gob.mx",
    "gob.gt",
    "gob.hn",
    "gob.sv",
    "cndh.org.mx",
    # Canada, a party to the trade agreement.
    "canada.ca",
    "gc.ca",
    # International organisations.
    "un.org",
    "unhcr.org",
    "acnur.org",
    "ohchr.org",
    "iom.int",
    "oas.org",
    "corteidh.or.cr",
    "icj-cij.org",
    # Archives of documents.
    "archive.org",
    "courtlistener.com",
    "clearinghouse.net",
    "documentcloud.org",
    "everycrsreport.com",
    "law.cornell.edu",
    "justia.com",
    "presidency.ucsb.edu",
)


def address_fault(address: str) -> str | None:
    """What is wrong with a document's address, or None: a whole https address at a known publisher."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"“{address}” is not an address"
    if parts.scheme != "https" or not host or any(sign.isspace() for sign in address):
        return f"“{address}” is not an https address"
    if port is not None or "@" in parts.netloc:
        return f"“{address}” names a port or a user"
    if parts.path in ("", "/") and not parts.query:
        return f"“{address}” is a front page, not a document"
    if not any(host == known or host.endswith(f".{known}") for known in KNOWN_HOSTS):
        return f"“{host}” is no official or archival publisher that we know"
    return None
