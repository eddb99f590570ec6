"""The prompt: the same commands as in Discord, with completion and a history."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory
from rich.console import Console

from bot.commands.asking import complete
from bot.commands.names import line_in_spanish, spanish_name
from bot.commands.registry import COMMANDS
from bot.commands.spec import Command
from bot.console.answers import AnswerSource, chosen_step, show, terminal_asker
from bot.console.draw import follow_ups
from bot.locale import translator

_LEAVE = {"exit", "quit", "salir", "/exit", "/quit", "/salir"}


async def run_prompt(source: AnswerSource, console: Console, history: Path | None, steps: list[str]) -> None:
    """Read lines and answer them until the reader leaves (Ctrl-D, ``exit``). Ctrl-C drops the line.

    ``steps`` are what the numbers under the page that was printed last stand for, whoever printed it.
    """
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)) if history else InMemoryHistory(),
        completer=_CommandCompleter(source),
        complete_while_typing=True,
    )
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
        if (meant := chosen_step(line, steps)) != line:
            line = meant
            spanish = (await terminal_asker(source.context)).language == "es"
            console.print(line_in_spanish(line) if spanish else line, style="dim", markup=False)
        page = await source.answer(line)
        steps[:] = follow_ups(page)
        await show(source.context, console, page)


class _CommandCompleter(Completer):
    """Completes command names, then what the store knows for the argument at the cursor."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> list[Completion]:
        return []

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        text = document.text_before_cursor.lstrip()
        if not text:
            return
        command = _typed_command(text)
        asker = await terminal_asker(self._source.context)
        t = translator(asker.language)
        if command is None:
            for known in COMMANDS:
                for name in _names(known, asker.language):
                    if f"/{name}".startswith("/" + text.removeprefix("/").lower()):
                        yield Completion(
                            f"/{name}", start_position=-len(text), display_meta=t(known.description)
                        )
                        break
            return
        word = document.get_word_before_cursor(WORD=True)
        used = [part.split(":")[0] for part in text.split()[1:]]
        for parameter in command.parameters:
            prefix = f"{parameter.name}:"
            if word.startswith(prefix):
                for label, value in await complete(
                    self._source.context, asker, command, parameter, word.removeprefix(prefix)
                ):
                    quoted = f'"{value}"' if " " in value else value
                    yield Completion(prefix + quoted, start_position=-len(word), display=label)
                return
        for parameter in command.parameters:
            prefix = f"{parameter.name}:"
            if parameter.name not in used and prefix.startswith(word):
                yield Completion(prefix, start_position=-len(word), display_meta=t(parameter.description))


def _names(command: Command, language: str) -> tuple[str, ...]:
    """What a command is called, in the reader's language first."""
    spanish = spanish_name(command.name)
    return (spanish, command.name) if language == "es" else (command.name, spanish)


def _typed_command(text: str) -> Command | None:
    """The command whose name stands whole at the start of ``text``, followed by a space."""
    typed = text.lower()
    there = [
        (len(name), command)
        for command in COMMANDS
        for name in _names(command, "en")
        if typed.startswith(f"/{name} ")
    ]
    return max(there, key=lambda one: one[0])[1] if there else None
