from __future__ import annotations

from tests.support.databases import database, postgres, sqlite_template, store_url

__all__ = ["database", "postgres", "sqlite_template", "store_url"]
