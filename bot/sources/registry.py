"""All official sources, by kind and by address."""

from __future__ import annotations

from bot.feeds.form import FEED, DocumentForm
from bot.sources import courts, dof, federal_register, gao, gob_mx, govinfo, ofac, white_house
from bot.sources.source import OfficialSource

_MODULES = (federal_register, white_house, govinfo, ofac, gao, courts, dof, gob_mx)
SOURCES = {one.SOURCE.kind: one.SOURCE for one in _MODULES}


def form_of(kind: str) -> DocumentForm:
    """How feeds of that kind are asked and read; as an ordinary feed unless an official source is named."""
    source = SOURCES.get(kind)
    return source.form if source is not None else FEED


def source_at(url: str) -> OfficialSource | None:
    """The official source whose addresses ``url`` is one of."""
    return next((source for source in SOURCES.values() if source.addresses.match(url)), None)
