"""Each official source with a fixture, and the ways in which its answer may differ from it.

A format knows how to change a fixture: drop a field of its first item, add an unknown one, set a field to
something of another type, nest a value more deeply. The tests then ask the same of every source.
"""

from __future__ import annotations

import copy
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from bot.feeds.parse import read_document
from bot.feeds.parsed import ParsedFeed
from bot.sources import registry

FIXTURES = Path(__file__).with_name("fixtures")
NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
CHALLENGE = b"""<!DOCTYPE html><html><head><title>Just a moment...</title></head>
<body><h1>Checking your browser</h1><form action="/challenge"></form></body></html>"""


@dataclass(frozen=True)
class Format(ABC):
    """One source's fixture. ``first`` is the first item's title, ``numbers`` what else its text holds."""

    kind: str
    fixture: str
    url: str
    items: int
    first: str
    numbers: tuple[str, ...]
    fields: tuple[str, ...]
    content_type: ClassVar[str]
    vital: ClassVar[frozenset[str]] = frozenset(("titulo",))
    """Fields without which an item is none: the gazette has headings of sections among its texts."""

    def __str__(self) -> str:
        return self.fixture

    @cached_property
    def body(self) -> bytes:
        """The fixture as it is served."""
        return (FIXTURES / self.fixture).read_bytes()

    def read(self, body: bytes) -> ParsedFeed:
        """What polling makes of a body."""
        form = registry.form_of(self.kind)
        reader: Callable[..., ParsedFeed] | None = None
        if form.reader:
            reader = __import__(f"bot.sources.{form.reader}", fromlist=["read"]).read
        return form.checked(read_document(body, self.content_type, self.url, NOW, reader).feed)

    @abstractmethod
    def without(self, field: str) -> bytes:
        """The fixture without a field of its first item."""

    @abstractmethod
    def mistyped(self, field: str, turn: int) -> bytes:
        """The fixture with something of another type in a field; ``turn`` chooses which."""

    @abstractmethod
    def extended(self) -> bytes:
        """The fixture with fields that nobody has seen before."""

    @abstractmethod
    def nested(self) -> bytes:
        """The fixture with the fields of its first item nested more deeply than they are known to be."""

    @abstractmethod
    def empty(self) -> bytes:
        """What the source answers on a day without documents."""

    @abstractmethod
    def changed(self) -> tuple[bytes, ...]:
        """The fixture in forms that are not the known one."""

    @abstractmethod
    def fewer(self) -> bytes:
        """The fixture without its first item, as a cache served it before that was published."""

    @abstractmethod
    def repeated(self, times: int) -> bytes:
        """The fixture with its first item so many times."""


@dataclass(frozen=True)
class Json(Format):
    """A JSON document with its items at ``lists``; ``nothing`` is what it says when there are none."""

    lists: tuple[str, ...] = ("results",)
    nothing: str = "{}"
    content_type: ClassVar[str] = "application/json"

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def _with(self, change: Callable[[dict[str, Any]], None]) -> bytes:
        document = copy.deepcopy(self.document)
        change(document[self.lists[0]][0])
        return json.dumps(document, ensure_ascii=False).encode()

    def without(self, field: str) -> bytes:
        return self._with(lambda item: item.pop(field))

    def mistyped(self, field: str, turn: int) -> bytes:
        wrong = (None, 7, True, ["a", None, {"b": 1}], {"a": {"b": ["c"]}})[turn]
        return self._with(lambda item: item.update({field: wrong}))

    def extended(self) -> bytes:
        more = {"reviewed_by": {"name": "Nobody", "since": 2027}, "scores": [[1, 2], [3]], "": None}
        return self._with(lambda item: item.update(more))

    def nested(self) -> bytes:
        deep: object = "end"
        for _ in range(60):
            deep = {"inner": [deep]}
        return self._with(lambda item: item.update(dict.fromkeys(self.fields[1:], deep)))

    def empty(self) -> bytes:
        return self.nothing.encode()

    def changed(self) -> tuple[bytes, ...]:
        document = self.document
        names = {key: f"new_{key}" for key in document[self.lists[0]][0]}
        renamed = copy.deepcopy(document)
        for name in self.lists:
            renamed[name] = [{names.get(k, k): v for k, v in item.items()} for item in document[name]]
        moved = {k: v for k, v in document.items() if k not in self.lists} | {
            "data": {name: document[name] for name in self.lists}
        }
        as_object = document | {name: {"items": document[name]} for name in self.lists}
        forms: tuple[object, ...] = (renamed, moved, as_object, document[self.lists[0]], "documents", 5)
        return tuple(json.dumps(form).encode() for form in forms)

    def fewer(self) -> bytes:
        document = copy.deepcopy(self.document)
        del document[self.lists[0]][0]
        if "count" in document:
            document["count"] -= 1
        return json.dumps(document).encode()

    def repeated(self, times: int) -> bytes:
        document = self.document
        items = document[self.lists[0]]
        document[self.lists[0]] = items[:1] * times + items[1:]
        if "count" in document:
            document["count"] += times - 1
        return json.dumps(document).encode()


@dataclass(frozen=True)
class Xml(Format):
    """An RSS or Atom document."""

    item: str = "item"
    content_type: ClassVar[str] = "application/rss+xml; charset=utf-8"

    @property
    def text(self) -> str:
        return self.body.decode()

    def _in_first(self, change: Callable[[str], str]) -> bytes:
        found = re.search(rf"<{self.item}>.*?</{self.item}>", self.text, re.DOTALL)
        assert found is not None
        return (self.text[: found.start()] + change(found[0]) + self.text[found.end() :]).encode()

    def _element(self, field: str) -> str:
        return rf"<{field}\b[^>]*(?:/>|>.*?</{field}>)"

    def without(self, field: str) -> bytes:
        return self._in_first(lambda item: re.sub(self._element(field), "", item, flags=re.DOTALL))

    def mistyped(self, field: str, turn: int) -> bytes:
        wrong = ("", "7", "true", "<b>a</b><b/>", "&lt;p&gt;&amp;nbsp;&lt;/p&gt;")[turn]
        element = f"<{field}>{wrong}</{field}>"
        return self._in_first(lambda item: re.sub(self._element(field), element, item, flags=re.DOTALL))

    def extended(self) -> bytes:
        more = '<x:review xmlns:x="urn:x" by="nobody"><x:score>3</x:score></x:review>'
        return self._in_first(lambda item: item.replace(f"</{self.item}>", f"{more}</{self.item}>"))

    def nested(self) -> bytes:
        deep = '<x:a xmlns:x="urn:x">' + "<x:b>" * 60 + "end" + "</x:b>" * 60 + "</x:a>"
        return self._in_first(lambda item: item.replace(f"</{self.item}>", f"{deep}</{self.item}>"))

    def empty(self) -> bytes:
        return re.sub(rf"<{self.item}>.*</{self.item}>", "", self.text, flags=re.DOTALL).encode()

    def changed(self) -> tuple[bytes, ...]:
        elsewhere = re.sub(r"https?://[^<\"]+", "https://www.example.com/moved/", self.text)
        return (elsewhere.encode(),)

    def fewer(self) -> bytes:
        return self._in_first(lambda item: "")

    def repeated(self, times: int) -> bytes:
        return self._in_first(lambda item: item * times)


@dataclass(frozen=True)
class Html(Format):
    """A web page with a list of ``article`` elements."""

    content_type: ClassVar[str] = "text/html; charset=utf-8"

    @property
    def text(self) -> str:
        return self.body.decode()

    def _in_first(self, change: Callable[[str], str]) -> bytes:
        found = re.search(r"<article.*?</article>", self.text, re.DOTALL)
        assert found is not None
        return (self.text[: found.start()] + change(found[0]) + self.text[found.end() :]).encode()

    def without(self, field: str) -> bytes:
        return self._in_first(lambda item: re.sub(rf"<{field}\b.*?</{field}>", "", item, flags=re.DOTALL))

    def mistyped(self, field: str, turn: int) -> bytes:
        wrong = ("", "7", "<i></i>", "&nbsp;", "<!-- none -->")[turn]
        element = f"<{field}>{wrong}</{field}>"
        return self._in_first(
            lambda item: re.sub(rf"<{field}\b.*?</{field}>", element, item, flags=re.DOTALL)
        )

    def extended(self) -> bytes:
        more = '<div data-x="1"><span class="tag"></span></div>'
        return self._in_first(lambda item: item.replace("</article>", f"{more}</article>"))

    def nested(self) -> bytes:
        deep = "<div>" * 60 + "</div>" * 60
        inside = {"<h2>": f"{deep}<h2><span><b>", "</h2>": "</b></span></h2>"}
        return self._in_first(lambda item: re.sub("</?h2>", lambda tag: inside[tag[0]], item))

    def empty(self) -> bytes:
        return re.sub(r"<article.*</article>", "", self.text, flags=re.DOTALL).encode()

    def changed(self) -> tuple[bytes, ...]:
        tiles = self.text.replace("article", "section").replace('id="prensa" class="archive"', 'id="app"')
        links = self.text.replace("/prensa/", "/p/").replace("h2>", "b>")
        return tiles.encode(), links.encode()

    def fewer(self) -> bytes:
        return self._in_first(lambda item: "")

    def repeated(self, times: int) -> bytes:
        return self._in_first(lambda item: item * times)


FEDERAL_REGISTER = "https://www.federalregister.gov/api/v1/"
CASES: tuple[Format, ...] = (
    Json(
        kind="federal_register",
        fixture="federal_register.json",
        url=FEDERAL_REGISTER + "documents.json?conditions[agencies][]=homeland-security-department",
        items=3,
        first="Ports of Entry Along the Southern Border; Closure of the San Luis Crossing at Night",
        numbers=("2026-23817", "91 FR 70112", "USCBP-2026-0031", "U.S. Customs and Border Protection"),
        fields=(
            "title",
            "document_number",
            "html_url",
            "publication_date",
            "agencies",
            "docket_ids",
            "abstract",
        ),
        nothing='{"description": "Documents matching nothing", "count": 0}',
    ),
    Json(
        kind="federal_register",
        fixture="inspection.json",
        url=FEDERAL_REGISTER + "public-inspection-documents/current.json",
        items=2,
        first="Designation of Two Cartels as Foreign Terrorist Organizations",
        numbers=("2026-23901", "State Department", "to be published 2026-12-01"),
        fields=("title", "document_number", "html_url", "filed_at", "agencies", "docket_numbers"),
        nothing='{"count": 0, "results": []}',
    ),
    Xml(
        kind="white_house",
        fixture="white_house.xml",
        url="https://www.whitehouse.gov/presidential-actions/feed/",
        items=3,
        first="Restoring Returns of Asylum Seekers to Mexico While Their Cases Are Heard",
        numbers=("Executive order", "The White House"),
        fields=("title", "guid", "pubDate", "description", "category"),
    ),
    Xml(
        kind="govinfo",
        fixture="govinfo.xml",
        url="https://www.govinfo.gov/rss/plaw.xml",
        items=3,
        first="Public Law 119 - 88 - Border Tunnel Detection Act",
        numbers=("Public Law 119-88",),
        fields=("title", "guid", "pubDate", "description"),
    ),
    Xml(
        kind="ofac",
        fixture="ofac.xml",
        url="https://public.govdelivery.com/topics/USTREAS_61/feed.rss",
        items=3,
        first="Counter Narcotics Designations; Sinaloa Cartel Money Brokers",
        numbers=("OFAC recent action 20261125", "Department of the Treasury"),
        fields=("title", "guid", "pubDate", "description"),
    ),
    Xml(
        kind="gao",
        fixture="gao.xml",
        url="https://www.gao.gov/rss/reports.xml",
        items=3,
        first="Border Security: DHS Does Not Know What the New Wall Segments Change",
        numbers=("GAO-27-107455",),
        fields=("title", "guid", "pubDate", "description"),
    ),
    Xml(
        kind="courts",
        fixture="courts.xml",
        url="https://www.courtlistener.com/feed/search/?q=%22asylum%22&type=o",
        items=3,
        first="Shelter Network of Tijuana v. Department of Homeland Security",
        numbers=("3:26-cv-01188", "Court opinion"),
        fields=("title", "id", "published", "summary", "author"),
        item="entry",
    ),
    Json(
        kind="dof",
        fixture="dof.json",
        url="https://sidof.segob.gob.mx/dof/sidof/notas",
        items=3,
        first="Acuerdo por el que se crea el programa de regreso voluntario para personas migrantes "
        "en Tapachula y en la frontera sur",
        numbers=("DOF 5801120", "Secretaria de gobernacion"),
        fields=("titulo", "codNota", "fecha", "codOrgaDos", "nombreCodOrgaUno"),
        lists=("NotasMatutinas", "NotasVespertinas", "NotasExtraordinarias"),
        nothing='{"messageCode": 200, "response": "OK", "NotasMatutinas": [], "NotasVespertinas": []}',
    ),
    Html(
        kind="gob_mx",
        fixture="gob_mx.html",
        url="https://www.gob.mx/sre/es/archivo/prensa",
        items=3,
        first="México rechaza el regreso de solicitantes de asilo a Ciudad Juárez y convoca a consultas",
        numbers=("Comunicado 412", "Secretaría de Relaciones Exteriores"),
        fields=("h2", "time", "p", "a"),
    ),
)
