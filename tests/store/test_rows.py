"""The row classes of the store: their fields are columns, and have the types of these."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from importlib import import_module
from typing import Any, NamedTuple, get_args, get_type_hints

import pytest
from sqlalchemy import select

import bot.store
from bot.domain.articles import Article
from bot.domain.feeds import Feed
from bot.store import models
from bot.store import tables as t
from bot.store.database import Database
from bot.store.feeds.rows import FeedColumns
from bot.store.rows import ArticleColumns
from bot.store.sql import columns, joined, record, records


class _Key(NamedTuple):
    key: str


class _Value(NamedTuple):
    value: str


def _row_classes() -> Iterator[type[Any]]:
    for module in pkgutil.walk_packages(bot.store.__path__, "bot.store."):
        if ".migrations" not in module.name:
            for value in vars(import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, tuple) and value.__module__ == module.name:
                    yield value


def _with_none(hint: object) -> set[object]:
    return {*(get_args(hint) or (hint,)), type(None)}


def _columns() -> dict[str, list[set[object]]]:
    """The types under each name, over all tables."""
    found: dict[str, list[set[object]]] = {}
    for name in models.__all__:
        if name != "Table":
            for field, hint in get_type_hints(getattr(models, name)).items():
                found.setdefault(field, []).append(_with_none(hint))
    return found


def test_a_field_has_the_type_of_a_column_of_its_name() -> None:
    """It may leave None out, where the condition of the query does."""
    known = _columns()
    classes = list(_row_classes())
    wrong = [
        f"{kind.__module__}.{kind.__name__}.{field}: {hint}"
        for kind in classes
        for field, hint in get_type_hints(kind).items()
        if _with_none(hint) not in known.get(field, [_with_none(hint)])
    ]
    assert len(classes) > 20
    assert not wrong


def test_rows_have_the_order_of_what_is_made_of_them() -> None:
    names = [field.name for field in fields(Feed)]
    assert list(FeedColumns._fields) == [*names[: names.index("scope")], "state"]
    names = [field.name for field in fields(Article)]
    assert ArticleColumns._fields[:13] == tuple(names[:13])


def test_columns_are_found_by_the_names_of_fields() -> None:
    class Hit(NamedTuple):
        at: datetime
        name: str

    assert columns(Hit, t.watch_hit, t.watch) == [t.watch_hit.c.at, t.watch.c.name]
    with pytest.raises(KeyError):
        columns(Hit, t.meta)


def test_rows_are_read_by_name(database: Database) -> None:
    database.write_sync(lambda session: session.execute(t.meta.insert().values(key="a", value="b")))
    meta = t.meta.c

    def read(session: Any) -> None:
        where = meta.key == "a"
        assert records(session.execute(select(meta.key).where(where)), _Key) == [_Key("a")]
        assert record(session.execute(select(meta.value).where(where)), _Value) == _Value("b")
        assert record(session.execute(select(meta.value).where(meta.key == "none")), _Value) is None
        both = session.execute(select(meta.key, meta.value).where(where))
        assert joined(both, _Key, _Value) == [(_Key("a"), _Value("b"))]
        with pytest.raises(TypeError, match="value"):
            records(session.execute(select(meta.value)), _Key)
        with pytest.raises(TypeError):
            joined(session.execute(select(meta.value, meta.key)), _Key, _Value)

    database.read_sync(read)
