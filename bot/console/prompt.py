"""The prompt: the same commands as in Discord, with completion and a history."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory
from rich.console import Console

from bot.commands.asking import ask, complete
from bot.commands.desk import Desk
from bot.commands.registry import COMMANDS
from bot.commands.spec import Asker, Command
from bot.console.draw import draw, follow_ups, width_for
from bot.console.line import LineFault, parse_line
from bot.locale import Translator, translator
from bot.pages.page import Page
from bot.pages.problem import problem_page

#: The terminal is a server of its own; its owner is its admin.
TERMINAL_GUILD = 0
_LEAVE = {"exit", "quit", "salir", "/exit", "/quit", "/salir"}


async def terminal_asker(desk: Desk) -> Asker:
    """Who sits at the terminal, in the language and zone that they chose."""
    settings = await desk.guild_settings(TERMINAL_GUILD)
    return Asker(
        user_id=0, guild_id=TERMINAL_GUILD, language=settings.language, zone=settings.timezone, admin=True
    )


async def answer_line(desk: Desk, line: str) -> Page:
    """The page that a typed line asks for."""
    asker = await terminal_asker(desk)
    t = translator(asker.language)
    try:
        request = parse_line(line, COMMANDS)
    except LineFault as fault:
        return _fault_page(t, fault)
    return await ask(desk, asker, request)


async def show(desk: Desk, console: Console, page: Page) -> None:
    """Draw ``page`` for who sits at the terminal."""
    asker = await terminal_asker(desk)
    now = desk.clock.now()
    console.print(draw(page, translator(asker.language), now, asker.zone), width=width_for(console))


async def run_prompt(desk: Desk, console: Console, history: Path | None) -> None:
    """Read lines and answer them until the reader leaves (Ctrl-D, ``exit``). Ctrl-C drops the line."""
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)) if history else InMemoryHistory(),
        completer=_CommandCompleter(desk),
        complete_while_typing=True,
    )
    steps: tuple[str, ...] = ()
    while True:
        try:
            line = (await session.prompt_async("vigía › ")).strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line.lower() in _LEAVE:
            return
        if not line:
            continue
        if line.isdigit() and 0 < int(line) <= len(steps):
            line = steps[int(line) - 1]
            console.print(line, style="dim", markup=False)
        page = await answer_line(desk, line)
        steps = follow_ups(page)
        await show(desk, console, page)


def _fault_page(t: Translator, fault: LineFault) -> Page:
    if fault.code == "too_many_words":
        sentence = t("“{word}” is one word too many for this command.", word=fault.word)
    else:
        sentence = t("There is no command “{word}”.", word=fault.word)
    return problem_page(t, sentence, t("/help lists all commands."))


class _CommandCompleter(Completer):
    """Completes command names, then what the store knows for the argument at the cursor."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> list[Completion]:
        return []

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        text = document.text_before_cursor.lstrip()
        if not text:
            return
        command = _typed_command(text)
        asker = await terminal_asker(self._desk)
        t = translator(asker.language)
        if command is None:
            for known in COMMANDS:
                name = f"/{known.name}"
                if name.startswith("/" + text.removeprefix("/").lower()):
                    yield Completion(name, start_position=-len(text), display_meta=t(known.description))
            return
        word = document.get_word_before_cursor(WORD=True)
        used = [part.split(":")[0] for part in text.split()[1:]]
        for parameter in command.parameters:
            prefix = f"{parameter.name}:"
            if word.startswith(prefix):
                for label, value in await complete(
                    self._desk, asker, command, parameter, word.removeprefix(prefix)
                ):
                    quoted = f'"{value}"' if " " in value else value
                    yield Completion(prefix + quoted, start_position=-len(word), display=label)
                return
        for parameter in command.parameters:
            prefix = f"{parameter.name}:"
            if parameter.name not in used and prefix.startswith(word):
                yield Completion(prefix, start_position=-len(word), display_meta=t(parameter.description))


def _typed_command(text: str) -> Command | None:
    """The command whose name stands whole at the start of ``text``, followed by a space."""
    best: Command | None = None
    for command in COMMANDS:
        if text.lower().startswith(f"/{command.name} ") and (
            best is None or len(command.name) > len(best.name)
        ):
            best = command
    return best
