from __future__ import annotations

from tests.support.databases import database, postgres, store_url

__all__ = ["database", "postgres", "store_url"]
