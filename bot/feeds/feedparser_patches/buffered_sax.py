"""The standard library's XML reader with its text buffered, for feedparser.

``xml.sax`` asks expat for each run of text as expat finds it, which is a piece for every line and every
entity; on real feeds that is a call into feedparser for every 15 characters, and a third of its time.
pyexpat can join the pieces itself (``buffer_text``); the standard library's reader does not ask it to. The
events and the text are the same.

feedparser takes the name of a module like this from ``feedparser.api.PREFERRED_XML_PARSERS``.
"""

from __future__ import annotations

from xml.sax.expatreader import ExpatParser

_BUFFER = 65_536  # characters; longer texts come in pieces of this


class BufferedExpatParser(ExpatParser):
    """``ExpatParser`` with ``buffer_text``."""

    def reset(self) -> None:
        super().reset()
        parser = self._parser  # type: ignore[attr-defined]  # typeshed does not name it
        parser.buffer_text = True
        parser.buffer_size = _BUFFER


def create_parser() -> BufferedExpatParser:
    """What ``xml.sax.make_parser`` looks for in a driver's module."""
    return BufferedExpatParser()
