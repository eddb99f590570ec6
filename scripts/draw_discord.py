"""Draw pages as Discord shows them: the demonstration's payloads, set in HTML, shot by headless Chromium.

    python -m scripts.draw_discord [--chromium chromium]

writes docs/images/discord-*.png, and what stands in them to docs/images/discord.txt, which a test compares
with what would be drawn now: so no picture is stale. The payloads are those that the bot sends
(``LayoutView.to_components``); the page imitates Discord's dark theme closely enough to see what a reader
sees: line lengths, what stands above the fold of a phone, where the buttons are.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import html
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from babel.dates import format_datetime, format_timedelta

from bot.app import open_context
from bot.chat.render import draw, pieces
from bot.commands.asking import ask
from bot.commands.lookup import BY_NAME
from bot.commands.spec import Asker
from bot.console.line import parse_line
from bot.domain.audience import Member, Server
from bot.feeds.hosts import HostGate
from bot.ingest.group import Grouping
from bot.ingest.poll import Poller
from bot.operating.demo import SampleFetcher
from bot.samples import sample_feeds
from bot.settings import Settings

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
#: What stands in the pictures, in words.
TEXT = IMAGES / "discord.txt"
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

#: What is drawn: file, language, the line that is asked.
SHOTS = (
    ("discord-concerns", "en", "/concerns"),
    ("discord-latest", "en", "/latest"),
    ("discord-latest-es", "es", "/latest"),
    ("discord-why-es", "es", "/why"),
    ("discord-digest", "en", "/digest preview"),
    ("discord-trend", "es", "/trend border_security"),
    ("discord-feeds", "en", "/feeds list"),
    ("discord-setup", "es", "/setup"),
)

STYLE = Path(__file__).with_name("discord.css").read_text(encoding="utf-8")


def markdown(text: str, language: str) -> str:
    """The part of Discord's markdown that the bot writes, as HTML."""
    out: list[str] = []
    for line in text.split("\n"):
        if line.startswith("## "):
            out.append(f"<h2>{_inline(line[3:], language)}</h2>")
        elif line.startswith("### "):
            out.append(f"<h3>{_inline(line[4:], language)}</h3>")
        elif line.startswith("-# "):
            out.append(f"<p class=small>{_inline(line[3:], language)}</p>")
        elif line.startswith("- "):
            out.append(f"<ul><li>{_inline(line[2:], language)}</li></ul>")
        elif not line:
            out.append("<div class=gap></div>")
        else:
            out.append(f"<p>{_inline(line, language)}</p>")
    return "".join(out)


def _inline(text: str, language: str) -> str:
    kept: list[str] = []

    def keep(piece: str) -> str:
        kept.append(piece)
        return f"\x00{len(kept) - 1}\x00"

    text = re.sub(r"\\([\\*_~`|<>\[\]#:.)+-])", lambda m: keep(html.escape(m[1])), text)
    text = re.sub(r"<t:(\d+):([Rf])>", lambda m: keep(_time(int(m[1]), m[2], language)), text)
    text = re.sub(r"`([^`]+)`", lambda m: keep(f"<code>{html.escape(m[1])}</code>"), text)
    text = re.sub(
        r"\[([^\]]*)\]\(<([^>]*)>\)",
        lambda m: keep(f'<a href="{html.escape(m[2])}">') + m[1] + keep("</a>"),
        text,
    )
    text = re.sub(r"<#(\d+)>", lambda m: keep("<a>#digest</a>"), text)
    text = html.escape(text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    while "\x00" in text:
        text = re.sub(r"\x00(\d+)\x00", lambda m: kept[int(m[1])], text)
    return text


def _time(unix: int, style: str, language: str) -> str:
    at = datetime.fromtimestamp(unix, UTC)
    if style == "R":
        words = format_timedelta(at - NOW, add_direction=True, locale=language)
    else:
        words = format_datetime(at, "d MMM y HH:mm", locale=language)
    return f"<span class=time>{html.escape(words)}</span>"


def component(part: dict[str, Any], files: dict[str, bytes], language: str) -> str:
    """One component of the payload as HTML (Discord's reference, "Components": the numbers are its types)."""
    match part["type"]:
        case 1:
            inner = "".join(component(one, files, language) for one in part["components"])
            return f"<div class=row>{inner}</div>"
        case 2:
            return f"<span class='button s{part['style']}'>{html.escape(part['label'])}</span>"
        case 3 | 5 | 6 | 7 | 8:
            chosen = [one["label"] for one in part.get("options", []) if one.get("default")]
            words = ", ".join(chosen) or part.get("placeholder") or ""
            return f"<div class=select><span>{html.escape(words)}</span><span>⌄</span></div>"
        case 10:
            return markdown(part["content"], language)
        case 12:
            name = part["items"][0]["media"]["url"].removeprefix("attachment://")
            data = base64.b64encode(files[name]).decode()
            return f"<img src='data:image/png;base64,{data}'>"
        case 14:
            return "<hr>"
        case 17:
            return "".join(component(one, files, language) for one in part["components"])
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, its language, the components that Discord is sent, and the files in them."""

    name: str
    language: str
    parts: list[dict[str, Any]]
    files: dict[str, bytes]

    def text(self) -> str:
        """Every word that stands in the picture, a component a line."""
        return "\n".join(line for part in self.parts for line in _lines(part))


def _lines(part: dict[str, Any]) -> list[str]:
    """The words of a component and of those inside it."""
    said = [str(part[key]) for key in ("content", "label", "placeholder") if part.get(key)]
    said += [option["label"] for option in part.get("options", ())]
    said += [item.get("description") or "" for item in part.get("items", ())]
    return [*said, *(line for one in part.get("components", ()) for line in _lines(one))]


def written(shots: Iterable[Shot]) -> str:
    """The words of all pictures, as docs/images/discord.txt has them."""
    return "\n\n".join(f"# {shot.name}\n{shot.text()}" for shot in shots) + "\n"


async def shots() -> list[Shot]:
    """What is drawn, from one bot that has read the demonstration's feeds."""
    clock = _Still()
    samples = sample_feeds(NOW)
    with tempfile.TemporaryDirectory() as folder:
        async with open_context(
            Settings(),
            clock=clock,
            database_url=f"sqlite:///{folder}/picture.db",
            fetcher=SampleFetcher(samples),
            sources=tuple(sample.source for sample in samples),
        ) as context:
            await Poller(context, "picture", Random(0), HostGate(clock, spacing=timedelta(0))).poll_due()
            await Grouping(context).run()
            found = []
            for name, language, line in SHOTS:
                asker = Asker(
                    Member(1), Server(1), language, zone="America/Tijuana", admin=True, channel_id=1
                )
                page = await ask(context, asker, parse_line(line, BY_NAME, context.brief))
                drawn = draw(pieces(page)[0])
                files = {file.filename: file.fp.read() for file in drawn.files}
                found.append(Shot(name, language, drawn.view.to_components(), files))
    return found


def page_of(shot: Shot, width: int) -> str:
    """A picture as a page of HTML."""
    accent = f"#{shot.parts[0].get('accent_color') or 0x3B76C4:06x}"
    body = "".join(component(part, shot.files, shot.language) for part in shot.parts)
    style = STYLE.replace("WIDTH", str(width)).replace("ACCENT", accent)
    return (
        f"<!doctype html><meta charset=utf-8><style>{style}</style>"
        f"<div class=message><div class=avatar>V</div>"
        f"<span class=who>Vigía</span><span class=bot>APP</span><span class=when>9:00</span>"
        f"<div class=container>{body}</div></div>"
    )


class _Still:
    def now(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        del seconds


def shoot(chromium: str, page: Path, target: Path, width: int) -> None:
    """A picture of ``page``, cut below its last line."""
    with tempfile.TemporaryDirectory() as profile:
        flags = [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-quic", "--hide-scrollbars",
            "--force-device-scale-factor=1.25", f"--user-data-dir={profile}",
        ]  # fmt: skip
        measured = subprocess.run(
            [chromium, *flags, "--dump-dom", f"--window-size={width},400", page.as_uri()],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = re.search(r'data-height="(\d+)"', measured.stdout)
        height = int(found[1]) + 8 if found else 1400
        subprocess.run(
            [chromium, *flags, f"--window-size={width},{height}", f"--screenshot={target}", page.as_uri()],
            capture_output=True, check=True,
        )  # fmt: skip


MEASURE = (
    "<script>addEventListener('load',()=>document.body.dataset.height="
    "Math.ceil(document.querySelector('.message').getBoundingClientRect().bottom))</script>"
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw pages as Discord shows them.")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    parser.add_argument("--width", type=int, default=720, help="in CSS pixels; a phone has 400")
    parser.add_argument("--to", type=Path, default=IMAGES, help="folder for the pictures")
    parser.add_argument("names", nargs="*", help="only these pictures")
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    drawn = asyncio.run(shots())
    (given.to / TEXT.name).write_text(written(drawn), encoding="utf-8")
    for shot in drawn:
        if given.names and shot.name not in given.names:
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
            file.write(page_of(shot, given.width) + MEASURE)
            file.flush()
            shoot(given.chromium, Path(file.name), given.to / f"{shot.name}.png", given.width)
        print(f"{shot.name}.png")


if __name__ == "__main__":
    main()
