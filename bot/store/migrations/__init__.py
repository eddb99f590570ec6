"""The store's schema, step by step. ``HEAD`` is the newest revision: a store at it needs no Alembic."""

from __future__ import annotations

HEAD = "0021"
