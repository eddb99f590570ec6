"""The command line: ``python bot.py`` and what may follow it."""

from __future__ import annotations

import argparse
import asyncio
import errno
import gc
import os
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_EPILOG = """\
Without a command: runs the bot if a Discord token is set (VIGIA_DISCORD_TOKEN, or in a file .env),
and opens the same commands in the terminal if not. Settings are told by `python bot.py check`.

examples:
  python bot.py demo                       a look at everything, offline, in a few seconds
  python bot.py                            poll the feeds once, then ask at the prompt
  python bot.py ask "/latest migration"    one answer, then leave
  python bot.py poll                       poll what is due, tell what came of it
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the process's exit status (0 done, 1 could not, 2 wrong usage)."""
    # Modules stay for as long as the process: looking for garbage among them is a sixth of the time to the
    # first answer. The imports are late so that this is in force for them.
    gc.disable()
    try:
        return _main(arguments)
    finally:
        gc.unfreeze()
        gc.enable()


def _main(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    from pydantic import ValidationError
    from rich.console import Console

    from bot.article import BriefError
    from bot.feeds.catalog import CatalogError
    from bot.logs import set_up_logs
    from bot.settings import Settings
    from bot.store.errors import StoreError

    problems = Console(stderr=True, highlight=False)
    try:
        settings = Settings()
    except ValidationError as invalid:
        problems.print("The settings cannot be used:", style="bold red")
        for error in invalid.errors():
            name = "_".join(str(part) for part in error["loc"])
            problems.print(
                f"  VIGIA_{name.upper()}: {error['msg'].removeprefix('Value error, ')}", markup=False
            )
        return 2
    except (OSError, UnicodeDecodeError) as unreadable:
        problems.print(
            f"The file .env cannot be read: {unreadable}. Run this as the bot's user.", markup=False
        )
        return 2
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    command = options.command or ("run" if token else "console")
    quiet = command in ("console", "ask", "demo", "cases", "digest", "check", "poll", "db", "doctor")
    level = "ERROR" if quiet and settings.log_level == "INFO" else settings.log_level
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    from bot.store.engines import secrets_in

    set_up_logs(level, settings.log_format, secrets=(token, key, *secrets_in(settings.database_url)))
    try:
        work = _work(command, options, settings)
        gc.freeze()
        gc.enable()
        return asyncio.run(work)
    except (StoreError, CatalogError, BriefError) as fault:
        from bot.operating.faults import explain

        problems.print(explain(fault), markup=False)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read the answer had enough of it, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as fault:
        if fault.errno != errno.EADDRINUSE:
            raise
        from bot.operating.faults import explain_taken_port

        problems.print(explain_taken_port(settings), markup=False)
        return 1


def _work(command: str, options: argparse.Namespace, settings: Settings) -> Coroutine[Any, Any, int]:
    # Each command loads what it needs: `ask` must not wait for discord.py, nor `run` for the prompt.
    match command:
        case "run":
            from bot.operating.roles import run

            return run(settings, getattr(options, "role", "all"))
        case "console":
            from bot.operating.terminal import console

            return console(settings)
        case "ask":
            from bot.operating.ask import ask_once

            return ask_once(settings, options.line)
        case "demo":
            from bot.operating.demo import demo

            return demo(settings, prompt=options.prompt)
        case "poll":
            from bot.operating.terminal import poll_once

            return poll_once(settings, every=options.all)
        case "digest":
            from bot.operating.ask import digest_once

            return digest_once(settings)
        case "db":
            from bot.operating.database import run_database_command

            target, sure = getattr(options, "target", ""), getattr(options, "yes", False)
            dry_run = getattr(options, "dry_run", False)
            return run_database_command(settings, options.action, target, sure=sure, dry_run=dry_run)
        case "doctor":
            from bot.operating.doctor import doctor

            return doctor(settings, offline=options.offline)
        case "cases":
            from bot.operating.cases import export_cases

            return export_cases(settings)
        case "check":
            from bot.operating.check import check

            return check(settings)
        case _:
            raise AssertionError(command)


def _parser() -> argparse.ArgumentParser:
    from bot.settings import vigia_version

    parser = argparse.ArgumentParser(
        prog="python bot.py" if Path(sys.argv[0]).name == "bot.py" else "vigia",
        description="Vigía keeps watch over U.S.–Mexico security policy, in English and Spanish.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Vigía {vigia_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    running = _add(commands, "run", "run the bot in Discord (needs a token), or a part of it")
    running.add_argument(
        "--role",
        choices=("all", "gateway", "worker", "sender"),
        default="all",
        help="a part of it, for several machines on one PostgreSQL (default: all in this process)",
    )
    _add(commands, "console", "open the commands in this terminal")
    asking = _add(commands, "ask", "answer one command and leave; nothing is polled")
    asking.add_argument("line", help='a command as typed at the prompt, e.g. "/search tijuana shelter"')
    demo = _add(commands, "demo", "show everything on sample feeds, offline")
    demo.add_argument("--prompt", action="store_true", help="open the prompt on the samples afterwards")
    poll = _add(commands, "poll", "poll the feeds that are due, once")
    poll.add_argument("--all", action="store_true", help="poll every feed now, due or not")
    _add(commands, "digest", "print today's digest")
    _add(commands, "cases", "print what admins corrected, as evaluation data")
    _add(commands, "check", "say what is set, what is missing and what cannot be reached; changes nothing")
    doctor = _add(commands, "doctor", "find what is wrong and say what fixes it; changes nothing")
    doctor.add_argument("--offline", action="store_true", help="ask neither Discord nor publishers")
    store = _add(
        commands, "db", "look after the store: upgrade, backup, restore, copy, forget, rejudge, status"
    )
    store.epilog = "The store is the one that VIGIA_DATABASE_URL names."
    _add_database_actions(store.add_subparsers(dest="action", metavar="ACTION", required=True))
    return parser


def _add_database_actions(actions: Subparsers) -> None:
    _add(actions, "upgrade", "bring the schema and the search index up to date")
    making = _add(actions, "backup", "write a checked copy of a SQLite store, while the bot runs")
    making.add_argument("target", metavar="FILE", help="a file that is not there yet")
    restoring = _add(actions, "restore", "put a backup in the store's place, with the bot stopped")
    restoring.add_argument("target", metavar="FILE", help="what `db backup` wrote")
    copying = _add(actions, "copy", "copy the store into an empty one, such as PostgreSQL, and compare")
    copying.add_argument(
        "target", metavar="URL", help="postgresql://user@host/name; let ~/.pgpass hold the password"
    )
    forgetting = _add(actions, "forget", "delete what one feed alone brought, with the bot stopped")
    forgetting.add_argument("target", metavar="ADDRESS", help="the feed's address")
    forgetting.add_argument("--yes", action="store_true", help="delete; without it, only say how much")
    again = _add(actions, "rejudge", "judge stored articles by the rules as they are now, while the bot runs")
    again.add_argument("--dry-run", action="store_true", help="list what would change; change nothing")
    _add(actions, "status", "say where the store is, how large it is and what it holds")


def _add(commands: Subparsers, name: str, does: str) -> argparse.ArgumentParser:
    """A word of the command line, with the same sentence in the list and in its own help."""
    return commands.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
