"""Verdicts are plain zlib: no longer compressed with a dictionary that could never change.

Old verdicts are rewritten before the migration, in batches that are committed one by one: after a kill, the
next start continues with those that are left.
"""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path

import sqlalchemy as sa

revision = "0021"
down_revision = "0020"

#: The revisions whose stores may hold old verdicts.
BEFORE = frozenset(f"{number:04}" for number in range(1, 21))
#: What the old verdicts begin with; zlib's begin with 0x78.
_OLD = b"\x01"
#: Articles rewritten in one transaction: some 0.1 s, so that others that wait for the lock get their turn.
BATCH = 500
_WORDS = Path(__file__).with_name("r0021_verdict_words.txt")


def upgrade() -> None:
    """Nothing: ``rewrite_verdicts`` has done it."""


def rewrite_verdicts(engine: sa.Engine) -> int:
    """Rewrite the old verdicts of a store, in batches. Returns how many there were."""
    article = sa.table("article", sa.column("id"), sa.column("verdict"))
    old = sa.func.substr(article.c.verdict, 1, 1) == sa.bindparam("old", _OLD, sa.LargeBinary)
    done, last = 0, 0
    while True:
        with engine.begin() as connection:
            rows = connection.execute(
                sa.select(article).where(article.c.id > last, old).order_by(article.c.id).limit(BATCH)
            ).all()
            if not rows:
                return done
            connection.execute(
                sa.update(article)
                .where(article.c.id == sa.bindparam("key"))
                .values(verdict=sa.bindparam("new", type_=sa.LargeBinary)),
                [{"key": row.id, "new": _rewritten(bytes(row.verdict))} for row in rows],
            )
        done, last = done + len(rows), rows[-1].id


def _rewritten(verdict: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=-15, zdict=_dictionary())
    return zlib.compress(unpacking.decompress(verdict[1:]))


@cache
def _dictionary() -> bytes:
    *lines, frame = _WORDS.read_text(encoding="ascii").splitlines()
    return ("".join(f'"{word}",' for line in lines for word in line.split()) + frame).encode()
