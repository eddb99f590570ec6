"""How values are kept: moments, ids and keys."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

#: A 64-bit whole number. SQLite wants the word INTEGER for a key that is also the row's number.
Big: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")

#: Discord's ids. They need 63 bits.
Snowflake = Big

#: blake2b of 16 bytes: half the index of the text itself, and no collision in the life of the universe.
Key16 = LargeBinary(16)


class Epoch(TypeDecorator[datetime]):
    """A moment, kept as whole seconds since 1970 in UTC.

    SQLite has no type for time and would drop the zone; a whole number sorts, compares and means the
    same in both engines. Fractions are cut off. A datetime without a zone is refused with a ValueError.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else seconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970 of an aware moment. Raises ValueError for one without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone cannot be stored: {moment.isoformat()}")
    return int(moment.timestamp() // 1)


def moment(value: int) -> datetime:
    """The moment, aware and in UTC, of whole seconds since 1970."""
    return datetime.fromtimestamp(value, UTC)


def key16(text: str) -> bytes:
    """The 16 bytes that stand for ``text`` in a unique index."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
