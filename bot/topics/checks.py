"""Check parsed YAML key by key, so that whoever edits a file of meaning is told the key at fault."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml


class TaxonomyError(ValueError):
    """The taxonomy cannot be used. ``key`` is the dotted path of the fault, ``code`` its kind."""

    def __init__(self, key: str, message: str, code: str = "taxonomy_invalid") -> None:
        super().__init__(f"{key}: {message}")
        self.key = key
        self.code = code


def known_keys(body: Mapping[str, Any], known: set[str], key: str) -> None:
    """Raises TaxonomyError where ``body`` has a key that is not known."""
    for name in body:
        if name not in known:
            raise TaxonomyError(f"{key}.{name}", f"unknown key; known are {', '.join(sorted(known))}")


def a_list(raw: Any, key: str) -> list[Any]:
    """``raw`` as a list. Raises TaxonomyError where it is none."""
    if not isinstance(raw, list):
        raise TaxonomyError(key, "must be a list")
    return raw


def mapping(raw: Any, key: str) -> Mapping[str, Any]:
    """``raw`` as a mapping. Raises TaxonomyError where it is none."""
    if not isinstance(raw, dict):
        raise TaxonomyError(key, "must be a mapping")
    return raw


def read_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises TaxonomyError where it cannot be read or is no YAML."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except OSError as error:
        raise TaxonomyError(path.name, "cannot be read", "taxonomy_unreadable") from error
    except yaml.YAMLError as error:
        raise TaxonomyError(path.name, f"is not YAML: {error}", "taxonomy_not_yaml") from error
