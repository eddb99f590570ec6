"""The installed feedparser, which says that it is version 0."""

import sys
from importlib.machinery import PathFinder
from pathlib import Path

_found = PathFinder.find_spec(
    "feedparser", [path for path in sys.path if path != str(Path(__file__).parents[1])]
)
assert _found is not None and _found.origin is not None, "feedparser is not installed"
__path__ = list(_found.submodule_search_locations or ())
exec(compile(Path(_found.origin).read_bytes(), _found.origin, "exec"))
__version__ = "0"
