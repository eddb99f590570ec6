"""Walk every command, option and control, and judge every message as Discord would.

python scripts/walk_commands.py [--seed N] [--most N]

Each command is asked with nothing, with the least that it needs, and with a value for each of its options;
then each button and the first options of each select of the answer are used, three levels deep, with at most
``--most`` requests for a command. That in both languages, with no, few and many stories, and with some of the
custom ids once more after the store was closed and opened again. Every message is checked against Discord's
published document and limits. Prints what was walked; 1 if a message was amiss. Our own errors end it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.chat.custom_id import decode, key_in, with_kept  # noqa: E402
from bot.chat.render import Share, draw, pieces  # noqa: E402
from bot.commands.asking import ask, complete  # noqa: E402
from bot.commands.registry import COMMANDS  # noqa: E402
from bot.commands.spec import Asker, Command, Parameter  # noqa: E402
from bot.domain.audience import Member, Server  # noqa: E402
from bot.domain.page import Page, Request  # noqa: E402
from bot.feeds.fetch import FetchRequest, FetchResult  # noqa: E402
from tests.support.context import GUILD, Room, room  # noqa: E402
from tests.support.discord.document import document  # noqa: E402
from tests.support.discord.limits import message_faults  # noqa: E402

DEPTH = 3
#: Stories of each store that is walked.
STORIES = {"no": 0, "few": 3, "many": 120}
HEADLINES = {
    "en": "Border Patrol agents find tunnel number {n} under the wall in San Diego",
    "es": "Agentes hallan el túnel número {n} bajo el muro fronterizo en Tijuana",
}
#: What an option is given that nothing completes, by its name.
VALUES = {
    "words": "tunnel OR muro",
    "phrase": "Nuevo Laredo",
    "phrases": "Nuevo Laredo, Suchiate",
    "time": "8 a.m.",
    "address": "https://desk.example/feed",
    "channel": "41",
    "role": "66",
    "since": "30",
    "until": "2026-01-01",
    "command": "follow",
}


class NothingThere:
    """A network on which no address answers."""

    async def fetch(self, request: FetchRequest) -> FetchResult:
        return FetchResult(request.url, request.url, failure="connect")


@dataclass
class Walk:
    """What was walked and what was amiss."""

    random: random.Random
    most: int
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    async def command(self, opened: Room, asker: Asker, command: Command) -> list[str]:
        """One command with its options and what its controls lead to. Returns the custom ids of all."""
        waiting = deque((Request(command.name, given), 1) for given in await _given(opened, asker, command))
        seen: set[str] = set()
        made: list[str] = []
        while waiting and len(seen) < self.most:
            request, depth = waiting.popleft()
            if (written := repr((request.command, sorted(request.arguments.items())))) in seen:
                continue
            seen.add(written)
            ids, controls = await self.request(opened, asker, request)
            made += ids
            if depth < DEPTH:
                self.random.shuffle(controls)
                waiting.extend((control, depth + 1) for control in controls)
        return made

    async def request(self, opened: Room, asker: Asker, request: Request) -> tuple[list[str], list[Request]]:
        """Ask, draw and judge. Returns the custom ids of the answer, and what its controls ask for."""
        self.counts["requests"] += 1
        try:
            page = await ask(opened.context, asker, request)
            ids = self.judge(page, request)
        except Exception as fault:
            fault.add_note(f"/{request.command} {dict(request.arguments)} in {asker.language}")
            raise
        self.counts["problems" if page.tone == "problem" else "answers"] += 1
        controls = [button.request for button in page.buttons]
        for choice in page.choices:
            self.counts["options"] += len(choice.options)
            controls += [
                Request(choice.request.command, {**choice.request.arguments, choice.argument: option.value})
                for option in choice.options[:3]
            ]
        self.counts["buttons"] += len(page.buttons)
        return ids, controls

    def judge(self, page: Page, request: Request) -> list[str]:
        """Each message of a page as Discord would see it; each control must come back as asked."""
        ids: list[str] = []
        asked = [button.request for button in page.buttons] + [choice.request for choice in page.choices]
        for piece in pieces(page):
            drawn = draw(piece, share=Share("Share", request), tag=1)
            body = {"flags": 1 << 15, "components": drawn.view.to_components()}
            names = frozenset(file.filename for file in drawn.files)
            faults = document().request_faults("POST", "/channels/{channel_id}/messages", body)
            for fault in (*faults, *message_faults(body, names)):
                self.faults.append(f"/{request.command} {dict(request.arguments)}: {fault}")
            self.counts["messages"] += 1
            for custom_id in _ids(body):
                key = key_in(custom_id)
                ids.append(with_kept(custom_id, drawn.kept[key]) if key else custom_id)
        back = [decode(custom_id).request for custom_id in ids]
        self.faults += [
            f"/{request.command}: a control is missing: {one}" for one in asked if one not in back
        ]
        return ids


def _ids(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("custom_id"), str):
            yield part["custom_id"]
        for inner in part.values():
            yield from _ids(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _ids(inner)


async def _given(opened: Room, asker: Asker, command: Command) -> list[dict[str, str]]:
    """With nothing, with the least that is needed, and with each option once."""
    least = {
        one.name: await _value(opened, asker, command, one) for one in command.parameters if one.required
    }
    each = [
        {**least, one.name: await _value(opened, asker, command, one)}
        for one in command.parameters
        if not one.required and not one.hidden
    ]
    return [{}, least, *each]


async def _value(opened: Room, asker: Asker, command: Command, parameter: Parameter) -> str:
    pairs = await complete(opened.context, asker, command, parameter, "")
    if pairs:
        return pairs[0][1]
    if parameter.kind in ("whole", "story", "feed"):
        return str(parameter.low or 1)
    return VALUES.get(parameter.name, parameter.example or "x")


def _fill(opened: Room, stories: int) -> None:
    if not stories:
        return
    for language, publisher in (("en", "Desk"), ("es", "Sol")):
        (feed,) = opened.follow(publisher, language=language)
        for n in range(stories):
            title = HEADLINES[language].format(n=n)
            opened.bring(feed, title, language=language, ago=timedelta(hours=n))
    opened.group()


async def walk(seed: int, most: int, amounts: dict[str, int] = STORIES) -> Walk:
    """Walk all; the same seed walks the same way."""
    walked = Walk(random.Random(seed), most)
    for stories in amounts.values():
        with tempfile.TemporaryDirectory() as folder, room(Path(folder)) as opened:
            opened.context = replace(opened.context, fetcher=NothingThere())
            _fill(opened, stories)
            made: list[tuple[Asker, str]] = []
            for language in ("en", "es"):
                asker = Asker(Member(9), Server(GUILD), language, admin=True, channel_id=41, operator=True)
                for command in COMMANDS:
                    made += [(asker, one) for one in await walked.command(opened, asker, command)]
            # The store is opened anew, and a share of the controls that were made before is used.
            opened.database.close()
            opened.context = replace(opened.context, database=type(opened.database).open(_url(folder)))
            for asker, custom_id in walked.random.sample(made, min(most, len(made))):
                walked.counts["after a restart"] += 1
                await walked.request(opened, asker, decode(custom_id).request)
            opened.database.close()
    return walked


def _url(folder: str) -> str:
    return f"sqlite:///{Path(folder) / 'vigia.db'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=40)
    given = parser.parse_args()
    walked = asyncio.run(walk(given.seed, given.most))
    print(", ".join(f"{count:,} {what}" for what, count in sorted(walked.counts.items())))
    for fault in walked.faults[:50]:
        print(fault)
    print(f"{len(walked.faults)} faults")
    return 1 if walked.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
