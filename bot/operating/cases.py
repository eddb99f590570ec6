"""``python bot.py cases``: what admins corrected, as evaluation data.

One JSON object a line, in the form that ``python -m benchmarks.relevance`` reads, so that a mistake becomes a
test. No server and no member is named.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from bot.settings import Settings
from bot.store.cases import Case, cases
from bot.store.database import Database


async def export_cases(settings: Settings) -> int:
    """Print every case; returns the exit status. Raises StoreError."""
    database = Database.open(settings.database_url)
    try:
        known = await database.read(cases)
    finally:
        database.close()
    for line in case_lines(known):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{len(known)} corrections\n")
    return 0


def case_lines(known: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """One line for each article; ``unsure`` where servers disagree, and then with the last opinion."""
    for _, opinions in groupby(known, key=lambda case: case.article_id):
        same = list(opinions)
        last = same[-1]
        yield {
            "id": hashlib.blake2b(f"{last.url}\n{last.title}".encode(), digest_size=6).hexdigest(),
            "lang": last.language,
            "title": last.title,
            "summary": last.summary,
            "source": last.publisher,
            "date": last.published_at.date().isoformat(),
            "relevant": bool(last.wanted),
            "concerns": list(last.wanted),
            "hard_negative_kind": None,
            "certainty": "sure" if len({frozenset(one.wanted) for one in same}) == 1 else "unsure",
            "given": list(last.given),
        }
