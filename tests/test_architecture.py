"""The layout: a room imports only rooms above it, and each outside library has one seam."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path

from sqlalchemy import CursorResult

from bot.article.blocks import load_strictly
from bot.store.migrations import HEAD

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "bot"

#: From top to bottom, as docs/architecture.md draws them. Rooms of one row do not import each other.
ROWS = (
    ("clock", "patterns"),
    ("settings", "locale", "logs", "metrics"),
    ("domain",),
    ("article",),
    ("record",),
    ("feeds",),
    ("sources",),
    ("topics",),
    ("evidence",),
    ("stories",),
    ("summaries",),
    ("ranking",),
    ("store", "samples"),
    ("pages",),
    ("context",),
    ("ingest", "publishing"),
    ("commands",),
    ("jobs",),
    ("scale",),
    ("console", "chat"),
    ("app",),
    ("operating",),
    ("main",),
)
ROW_OF = {room: row for row, rooms in enumerate(ROWS) for room in rooms}

#: What a room may take from the rooms above it, where that is less than everything.
ONLY_FROM = {"domain": {"clock", "locale", "patterns"}}

#: The surfaces: what people speak to. Only they import ``commands``.
SURFACES = {"chat", "console", "operating"}

#: An outside library, and the rooms that may touch it.
SEAMS = {
    "discord": {"chat"},
    "aiohttp": {"feeds", "operating", "summaries", "chat"},  # discord.py raises its errors
    "feedparser": {"feeds"},
    "sqlalchemy": {"store"},
    "sqlmodel": {"store"},
    "apscheduler": {"jobs"},
    "procrastinate": {"scale"},
    "rich": {"console", "operating", "main"},
    "prompt_toolkit": {"console", "operating"},
}


@cache
def _modules() -> dict[Path, ast.Module]:
    paths = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports() -> Iterator[tuple[Path, str]]:
    """Every (file, module) imported at run time; TYPE_CHECKING blocks do not count."""

    def visit(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            return
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            yield from visit(child)

    for path, tree in _modules().items():
        for name in visit(tree):
            yield path, name


def _room_imports() -> Iterator[tuple[Path, str, str, str]]:
    """(file, its room, the other room, the module) of each import of another room of ours."""
    for path, name in _imports():
        parts = name.split(".")
        if parts[0] == "bot" and len(parts) > 1 and parts[1] != _room(path) and parts[1] in ROW_OF:
            yield path, _room(path), parts[1], name


def test_every_room_has_its_row() -> None:
    assert {_room(path) for path in _modules()} == set(ROW_OF), "say in docs/architecture.md where it stands"


def test_a_room_imports_only_rooms_above_it() -> None:
    upward = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path, room, other, name in _room_imports()
        if ROW_OF[other] >= ROW_OF[room]
    ]
    assert not upward


def test_values_know_nothing_of_what_uses_them() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path, room, other, name in _room_imports()
        if other not in ONLY_FROM.get(room, {other})
    ]
    assert not wrong


def test_only_surfaces_import_commands() -> None:
    users = {room for _, room, other, _ in _room_imports() if other == "commands"}
    assert users <= SURFACES


def test_no_public_class_name_stands_twice() -> None:
    homes: dict[str, list[str]] = {}
    for path, tree in _modules().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert not {name: paths for name, paths in homes.items() if len(paths) > 1}


def test_outside_libraries_are_used_at_their_seam_only() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path, name in _imports()
        if _room(path) not in SEAMS.get(name.split(".")[0], {_room(path)})
    ]
    assert not wrong


def test_only_the_clock_asks_what_time_it_is() -> None:
    asks = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
    wrong = [path for path in _modules() if _room(path) != "clock" and asks.search(path.read_text("utf-8"))]
    assert not wrong


def test_the_page_names_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert not [room for room in ROW_OF if f"`{room}" not in page]


def test_no_file_does_two_jobs() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _modules()
        if "versions" not in path.parts  # a migration says all that one step changes
        and (lines := path.read_text(encoding="utf-8").count("\n")) > 400
    }
    assert not long


#: What gives rows a type, and what of a result is no column.
_TYPING = {"record", "records", "joined"}
_OF_A_RESULT = {name for name in dir(CursorResult) if not name.startswith("_")}


def _called(node: ast.AST) -> set[str]:
    """The names of the functions and methods that are called in an expression."""
    functions = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return {
        one.attr if isinstance(one, ast.Attribute) else one.id
        for one in functions
        if isinstance(one, ast.Attribute | ast.Name)
    }


def _untyped_rows(function: ast.AST) -> Iterator[str]:
    """What is asked by name of a row that came straight from ``execute``: mypy takes any name for right."""
    given: list[tuple[ast.expr, ast.expr]] = []
    for node in ast.walk(function):
        if isinstance(node, ast.For | ast.comprehension):
            given.append((node.target, node.iter))
        elif isinstance(node, ast.Assign):
            given += [(target, node.value) for target in node.targets]
    untyped: set[str] = set()
    typed: set[str] = set()
    for _ in given:
        for target, value in given:
            if not isinstance(target, ast.Name):
                continue
            if _called(value) & _TYPING:
                typed.add(target.id)
            elif "execute" in _called(value) or (isinstance(value, ast.Name) and value.id in untyped):
                untyped.add(target.id)
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = node.value.id
            if name in untyped and name not in typed and node.attr not in _OF_A_RESULT:
                yield f"{name}.{node.attr}"


def test_rows_of_the_store_have_types() -> None:
    """A row is unpacked where the columns have types (``col``), or is a NamedTuple (``records``)."""
    untyped = []
    for path, tree in _modules().items():
        if _room(path) != "store" or "migrations" in path.parts:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                untyped += [f"{path.name} imports Row" for one in node.names if one.name == "Row"]
            if isinstance(node, ast.FunctionDef):
                untyped += [f"{path.name}: {node.name}: {one}" for one in _untyped_rows(node)]
                untyped += [
                    f"{path.name}: {node.name}({one.arg})"
                    for one in (*node.args.args, *node.args.kwonlyargs)
                    if one.arg in ("row", "rows") and isinstance(one.annotation, ast.Name)
                    if one.annotation.id in ("Any", "AnyRow")
                ]
    assert not untyped


def test_an_untyped_row_is_found() -> None:
    text = """
def titles(session):
    rows = session.execute(select(t.article)).all()
    typed = records(session.execute(select(*ARTICLE)), ArticleColumns)
    return [row.title for row in rows] + [one.title for one in typed]
"""
    assert list(_untyped_rows(ast.parse(text))) == ["row.title"]


#: What holds an id, or somebody by their type: "user_id", "channel", "by". A shard's number may well be 0.
_IDENTITY = re.compile(
    r"(^|_)(id|(user|member|guild|server|channel|role|owner|view|asker|reader|by|person|admin)(_id)?)$"
)
#: Constants that would stand for somebody: "TERMINAL = 0", "_DIRECT_GUILD = 1".
_SOMEBODY = re.compile(
    r"TERMINAL|NOBODY|EVERY|NOWHERE|DIRECT|DEFAULTS|MEMBER|USER|SERVER|GUILD|OWNER|OPERATOR"
)


def _names_identity(node: ast.AST | None) -> bool:
    if isinstance(node, ast.Subscript):  # given["channel"]
        return isinstance(node.slice, ast.Constant) and _names_identity(node.slice)
    name = (
        node.id
        if isinstance(node, ast.Name)
        else node.attr
        if isinstance(node, ast.Attribute)
        else node.arg
        if isinstance(node, ast.keyword | ast.arg)
        else node.value
        if isinstance(node, ast.Constant)
        else None
    )
    return isinstance(name, str) and name != "shard_id" and _IDENTITY.search(name) is not None


def _is_number(node: ast.AST | None) -> bool:
    """A whole number, or a text of one."""
    if isinstance(node, ast.UnaryOp):
        return _is_number(node.operand)
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return False
    return node.value in (0, 1, "0", "1")


def _sentinels(tree: ast.AST) -> Iterator[str]:
    """Where a number stands for somebody or some place: compared, as a fallback, a default or a constant."""
    for node in ast.walk(tree):
        pairs: list[tuple[ast.AST | None, ast.AST | None]] = []
        match node:
            case ast.Compare(left=left, comparators=others, ops=[ast.Eq() | ast.NotEq()]):
                pairs = [(left, others[0]), (others[0], left)]
            case ast.Compare(left=left, comparators=[ast.Tuple(elts=some)], ops=[ast.In() | ast.NotIn()]):
                pairs = list(permutations((left, *some), 2))
            case ast.BoolOp(op=ast.Or(), values=[*firsts, last]):
                pairs = [(one, last) for one in firsts]
            case ast.IfExp(body=body, orelse=other):
                pairs = [(body, other), (other, body)]
            case ast.Dict(keys=keys, values=values):
                pairs = list(zip(keys, values, strict=True))
            case ast.keyword(value=value):
                pairs = [(node, value)]
            case ast.AnnAssign(target=target, value=value):
                pairs = [(target, value)]
            case ast.Assign(targets=[target], value=value):
                pairs = [(target, value)]
                if isinstance(target, ast.Name) and _SOMEBODY.search(target.id) and _is_number(value):
                    yield ast.unparse(node)
            case ast.arguments(args=args, kwonlyargs=only, defaults=defaults, kw_defaults=more):
                pairs = [
                    *zip(reversed(args), reversed(defaults), strict=False),
                    *zip(only, more, strict=True),
                ]
        yield from (ast.unparse(node) for name, one in pairs if _names_identity(name) and _is_number(one))


def test_no_number_stands_for_a_user_or_a_place() -> None:
    """Cases are types (``bot.domain.audience``). Only the codec of the store makes them numbers."""
    found = [
        f"{path.relative_to(ROOT)}: {one}"
        for path, tree in _modules().items()
        if path != PACKAGE / "store" / "types.py" and "migrations" not in path.parts
        for one in _sentinels(tree)
    ]
    assert not found


def test_a_number_that_stands_for_somebody_is_found() -> None:
    known = (
        "TERMINAL = 0",
        "_DIRECT_GUILD = 1",
        "Asker(user_id=0)",
        "guild_id = guild_id or 0",
        "asker.user_id == 0",
        "0 != row.guild_id",
        "here not in (0, channel_id)",
        "here.channel_id in (0, other)",
        "def page(*, channel: int = 0): pass",
        "def page(guild_id=-1): pass",
        "{'channel': '0'}",
        "given['role'] != '0'",
        "x = member if member else 0",
        "user_id: int = 0",
    )
    assert not [one for one in known if not list(_sentinels(ast.parse(one)))]
    assert not list(_sentinels(ast.parse("parts = count or 0; shards.wait(http, shard_id or 0); by = None")))


def test_benchmarks_and_scripts_import_what_there_is() -> None:
    """Nothing runs them here, so that a name that has moved would break them unseen."""
    known = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): tree
        for path, tree in _modules().items()
    }
    broken: list[str] = []
    for path in (*ROOT.glob("benchmarks/*.py"), *ROOT.glob("scripts/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules: dict[str, str] = {}
        used: list[tuple[str, str]] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot"):
                for one in node.names:
                    whole = f"{node.module}.{one.name}"
                    if whole in known:
                        modules[one.asname or one.name] = whole
                    else:
                        used.append((node.module or "", one.name))
        used += [
            (modules[node.value.id], node.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if node.value.id in modules
        ]
        broken += [
            f"{path.name}: {module}.{name}"
            for module, name in used
            if module not in known or (name not in _bound(known[module]) and f"{module}.{name}" not in known)
        ]
    assert not broken


def _bound(tree: ast.Module) -> set[str]:
    """The names that a module has once it is imported."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(one.asname or one.name).split(".")[0] for one in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def test_migrations_are_one_chain() -> None:
    """Two that follow on the same one would stop every start; two branches can bring them in one day."""
    steps = {}
    for path in (PACKAGE / "store" / "migrations" / "versions").glob("r*.py"):
        named = dict(
            re.findall(r'^(revision|down_revision)[^=\n]*= (?:"(\w+)"|None)$', path.read_text("utf-8"), re.M)
        )
        assert path.name.startswith(f"r{named['revision']}_")
        assert named["down_revision"] not in steps, f"{path.name} follows on {named['down_revision']} too"
        steps[named["down_revision"]] = named["revision"]
    chain = [""]
    while chain[-1] in steps:
        chain.append(steps[chain[-1]])
    assert len(chain) == len(steps) + 1
    assert chain[-1] == HEAD


def test_no_data_file_gives_a_key_twice() -> None:
    """PyYAML lets the second win in silence, so that half a rule could be lost."""
    files = [*PACKAGE.rglob("*.yaml"), PACKAGE.parent / "feeds.yaml"]
    assert len(files) > 20
    for path in files:
        assert load_strictly(path.read_text("utf-8")) is not None, path.name
