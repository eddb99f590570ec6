"""``python bot.py`` as a real process, in a folder of its own, away from the environment's own settings."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from bot.operating.terminal import poll_once
from bot.settings import Settings
from tests.support import other_feedparser

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Told:
    """What a process printed and how it ended."""

    status: int
    out: str
    err: str


@dataclass(slots=True)
class Vigia:
    """One installation: a folder with its database, its catalogue and its settings."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The process's whole environment: nothing of ours leaks in."""
        kept = {
            name: os.environ[name] for name in ("PATH", "LANG", "TZ", "VIRTUAL_ENV") if name in os.environ
        }
        return {
            **kept,
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join((*other_feedparser.search_path(), str(ROOT))),
            "COLUMNS": "120",
            "VIGIA_DATABASE_URL": f"sqlite:///{self.folder / 'vigia.db'}",
            "VIGIA_ALLOW_PRIVATE_ADDRESSES": "true",
            **self.settings,
        }

    def follow(self, *urls: str, language: str = "en") -> None:
        """Make these addresses the whole catalogue."""
        lines = ["feeds:"]
        for number, url in enumerate(urls, start=1):
            lines += [
                f"  - url: {url}",
                f"    title: Feed {number}",
                f"    publisher: Publisher {number}",
                f"    language: {language}",
                "    kind: news",
                "    region: border",
            ]
        path = self.folder / "feeds.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.settings["VIGIA_FEEDS_FILE"] = str(path)

    def command(self, *words: str) -> tuple[str, ...]:
        """The command line of ``python bot.py`` with ``words``."""
        return (sys.executable, str(ROOT / "bot.py"), *words)

    async def start(self, *words: str, stdin: int = asyncio.subprocess.DEVNULL) -> asyncio.subprocess.Process:
        """The process, started and left running."""
        return await asyncio.create_subprocess_exec(
            *self.command(*words),
            cwd=self.folder,
            env=self.environment(),
            stdin=stdin,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def read_feeds(self, *, every: bool = False) -> int:
        """As ``python bot.py poll``, in this process: for tests that are about what comes after it."""
        given = {
            name.removeprefix("VIGIA_").lower(): value
            for name, value in self.environment().items()
            if name.startswith("VIGIA_")
        }
        return await poll_once(Settings(_env_file=None, **given), every=every)

    async def run(self, *words: str, typed: str | None = None) -> Told:
        """Run to the end; ``typed`` is piped in."""
        stdin = asyncio.subprocess.DEVNULL if typed is None else asyncio.subprocess.PIPE
        process = await self.start(*words, stdin=stdin)
        try:
            async with asyncio.timeout(90):
                out, err = await process.communicate(typed.encode() if typed is not None else None)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Told(process.returncode or 0, out.decode(), err.decode())
