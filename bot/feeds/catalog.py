"""The operator's list of feeds: ``feeds.yaml`` read strictly, every fault told with its line.

The file is read as YAML nodes rather than as values, because only nodes know their lines, and because
a fault in one feed must not hide the faults of the next: an operator fixes the file once, not ten times.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.domain.feeds import FEED_KINDS, SOURCE_KINDS

LANGUAGES = ("en", "es")
KINDS = (*FEED_KINDS, *SOURCE_KINDS)
REGIONS = ("border", "mexico", "united_states", "central_america", "americas", "world")

_TEXT_KEYS = ("url", "title", "publisher", "language", "kind", "region", "reason", "known")
_FLAG_KEYS = ("enabled", "browser_like")
_REQUIRED = ("url", "title", "publisher", "language", "kind", "region")
_CHOICES = {"language": LANGUAGES, "kind": KINDS, "region": REGIONS}
#: A select menu's label in Discord holds 100 characters; no outlet's name is longer. Addresses follow
#: what browsers and servers agree on in practice.
_LONGEST = {"title": 100, "publisher": 100, "reason": 300, "known": 300, "url": 2000}
_NULL_TAG = "tag:yaml.org,2002:null"
_BOOL_TAG = "tag:yaml.org,2002:bool"


@dataclass(frozen=True, slots=True)
class FeedSource:
    """One feed as the operator wrote it.

    Two feeds of one house carry the same ``publisher``: a story counts publishers, not feeds. ``reason``
    says why a feed is not enabled, ``known`` what is known of its address, how and since when.
    ``browser_like`` asks for a browser's user agent, for
    sites that answer anything else with an error page.
    """

    url: str
    publisher: str
    title: str
    language: str
    kind: str
    region: str
    enabled: bool = True
    reason: str = ""
    browser_like: bool = False
    known: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in the file.

    ``line`` counts from 1, and is 0 where the file as a whole is meant. ``key`` is the path of what
    is at fault, such as ``feeds[3].language``. ``code`` is a short id; ``data`` fills its sentence.
    """

    line: int
    key: str
    code: str
    data: Mapping[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        """The fault as an English sentence, for logs and for ``python bot.py check``."""
        where = f"line {self.line}: " if self.line else ""
        return where + _SENTENCES[self.code].format(key=self.key, **self.data)


_SENTENCES = {
    "unreadable": "the file cannot be read: {problem}.",
    "not_utf8": "the file is not UTF-8 text (byte {position}).",
    "yaml_syntax": "this is not YAML: {problem}.",
    "too_deep": "the file is nested too deeply to be a list of feeds.",
    "not_a_mapping": "{key} should be a block of “key: value” lines, but is {found}.",
    "not_a_list": "{key} should be a list with one “- ” for each feed, but is {found}.",
    "no_feeds_key": "the file has no “feeds:” list.",
    "key_not_text": "a key of {key} is not plain text.",
    "unknown_key": "{key} is not a key we know{hint}.",
    "duplicate_key": "{key} is given twice; the first is on line {first}.",
    "missing_key": "{key} is missing.",
    "empty_value": "{key} is empty.",
    "not_text": "{key} should be one line of text, but is {found}.",
    "not_a_flag": "{key} should be true or false, not “{found}”.",
    "too_long": "{key} is {length} characters long; at most {longest} fit.",
    "unknown_choice": "{key} is “{found}”; it should be one of {choices}{hint}.",
    "bad_scheme": "{key} should begin with http:// or https://, not “{found}”.",
    "bad_url": "{key} is not a web address: {found}.",
    "url_credentials": "{key} holds a user name or a password; a catalogue is no place for them.",
    "duplicate_url": "{key} is the same address as the feed on line {first}.",
    "disabled_without_reason": "{key} is false, but no reason says why.",
}


class CatalogError(Exception):
    """The catalogue has faults; ``faults`` holds all of them, by line."""

    code = "catalog_faults"

    def __init__(self, faults: Iterable[Fault], name: str = "feeds.yaml") -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        self.name = name
        super().__init__(self.name, self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        head = f"{self.name} has {count} fault{'' if count == 1 else 's'}:"
        return "\n".join([head, *(f"  {fault.sentence()}" for fault in self.faults)])


def load_catalog(path: Path) -> tuple[FeedSource, ...]:
    """The feeds in the file at ``path``, in its order.

    Raises CatalogError with all faults, a file that cannot be read among them.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise CatalogError([Fault(0, "", "unreadable", {"problem": problem})], path.name) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fault = Fault(line, "", "not_utf8", {"position": str(error.start)})
        raise CatalogError([fault], path.name) from error
    return parse_catalog(text, path.name)


def parse_catalog(text: str, name: str = "feeds.yaml") -> tuple[FeedSource, ...]:
    """The feeds in ``text``, in its order. Raises CatalogError with all faults; ``name`` heads it."""
    reading = _Reading()
    sources = reading.catalog(text)
    if reading.faults:
        raise CatalogError(reading.faults, name)
    return sources


def _composed(text: str) -> Node | None:
    """The root of what the YAML in ``text`` holds. Raises yaml.YAMLError or RecursionError.

    PyYAML's reader in C, where its wheel has it, takes a tenth of the time; the other one says better what is
    wrong.
    """
    with contextlib.suppress(yaml.YAMLError):
        return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return yaml.compose(text, Loader=yaml.SafeLoader)


class _Reading:
    """One reading of a catalogue: collects faults as it goes, so that one does not hide another."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._first_line_of: dict[str, int] = {}

    def catalog(self, text: str) -> tuple[FeedSource, ...]:
        try:
            root = _composed(text)
        except yaml.YAMLError as error:
            self._fault(_line_of_error(error, text), "", "yaml_syntax", problem=_problem_of_error(error))
            return ()
        except RecursionError:
            self._fault(0, "", "too_deep")
            return ()
        if root is None:
            self._fault(0, "feeds", "no_feeds_key")
            return ()
        if not isinstance(root, MappingNode):
            self._fault(_line(root), "the file", "not_a_mapping", found=_shape(root))
            return ()
        values = self._keys(root, "", ("feeds",))
        feeds = values.get("feeds")
        if feeds is None:
            self._fault(0, "feeds", "no_feeds_key")
            return ()
        if not isinstance(feeds, SequenceNode):
            self._fault(_line(feeds), "feeds", "not_a_list", found=_shape(feeds))
            return ()
        return tuple(self._sources(feeds))

    def _sources(self, feeds: SequenceNode) -> Iterator[FeedSource]:
        for index, node in enumerate(feeds.value):
            source = self._source(node, f"feeds[{index}]")
            if source is not None:
                yield source

    def _source(self, node: Node, path: str) -> FeedSource | None:
        if not isinstance(node, MappingNode):
            self._fault(_line(node), path, "not_a_mapping", found=_shape(node))
            return None
        before = len(self.faults)
        values = self._keys(node, f"{path}.", (*_TEXT_KEYS, *_FLAG_KEYS))
        for key in _REQUIRED:
            if key not in values:
                self._fault(_line(node), f"{path}.{key}", "missing_key")
        texts = {key: self._text(values[key], key, path) for key in _TEXT_KEYS if key in values}
        flags = {key: self._flag(values[key], f"{path}.{key}") for key in _FLAG_KEYS if key in values}
        if flags.get("enabled") is False and "reason" not in values:
            self._fault(_line(values["enabled"]), f"{path}.enabled", "disabled_without_reason")
        if len(self.faults) > before:
            return None
        return FeedSource(
            url=texts["url"],
            publisher=texts["publisher"],
            title=texts["title"],
            language=texts["language"],
            kind=texts["kind"],
            region=texts["region"],
            enabled=flags.get("enabled", True),
            reason=texts.get("reason", ""),
            browser_like=flags.get("browser_like", False),
            known=texts.get("known", ""),
        )

    def _keys(self, node: MappingNode, prefix: str, known: tuple[str, ...]) -> dict[str, Node]:
        """The values of a block by key; keys that are unknown, doubled or no text are faults."""
        values: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key_node, value in node.value:
            line = _line(key_node)
            if not isinstance(key_node, ScalarNode):
                self._fault(line, prefix.rstrip(".") or "the file", "key_not_text")
                continue
            key = str(key_node.value)
            if key not in known:
                self._fault(line, prefix + key, "unknown_key", hint=_hint(key, known))
            elif key in values:
                self._fault(line, prefix + key, "duplicate_key", first=str(lines[key]))
            else:
                values[key] = value
                lines[key] = line
        return values

    def _text(self, node: Node, key: str, path: str) -> str:
        line, full = _line(node), f"{path}.{key}"
        if not isinstance(node, ScalarNode):
            self._fault(line, full, "not_text", found=_shape(node))
            return ""
        text = "" if node.tag == _NULL_TAG else " ".join(str(node.value).split())
        if not text:
            self._fault(line, full, "empty_value")
        elif len(text) > _LONGEST.get(key, len(text)):
            self._fault(line, full, "too_long", length=str(len(text)), longest=str(_LONGEST[key]))
        elif key == "url":
            self._check_url(text, line, full)
        elif key in _CHOICES and text not in _CHOICES[key]:
            choices = _CHOICES[key]
            self._fault(
                line,
                full,
                "unknown_choice",
                found=text,
                choices=", ".join(choices),
                hint=_hint(text, choices),
            )
        return text

    def _flag(self, node: Node, full: str) -> bool:
        """The flag's value; True after a fault, so that one mistake is told once."""
        if isinstance(node, ScalarNode) and node.tag == _BOOL_TAG:
            return str(node.value).lower() in ("true", "yes", "on")
        found = str(node.value) if isinstance(node, ScalarNode) else _shape(node)
        self._fault(_line(node), full, "not_a_flag", found=found)
        return True

    def _check_url(self, url: str, line: int, full: str) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            self._fault(line, full, "bad_url", found=str(error))
            return
        if parts.scheme not in ("http", "https"):
            self._fault(line, full, "bad_scheme", found=parts.scheme or url[:40])
        elif not host or " " in url:
            self._fault(line, full, "bad_url", found="it has a space in it" if host else "it names no host")
        elif parts.username is not None or parts.password is not None:
            self._fault(line, full, "url_credentials")
        else:
            # http and https, a default port and a last slash do not make another feed.
            place = f"{host}:{port}" if port not in (None, 80, 443) else host
            same = f"{place}{parts.path.rstrip('/')}?{parts.query}"
            if same in self._first_line_of:
                self._fault(line, full, "duplicate_url", first=str(self._first_line_of[same]))
            else:
                self._first_line_of[same] = line

    def _fault(self, line: int, key: str, code: str, **data: str) -> None:
        self.faults.append(Fault(line, key, code, data))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _shape(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a block of keys"
    if isinstance(node, SequenceNode):
        return "a list"
    return "empty" if node.tag == _NULL_TAG else "a single value"


def _hint(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f"; did you mean “{close[0]}”" if close else ""


def _line_of_error(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position) + 1


def _problem_of_error(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    return str(problem).rstrip(".")
