"""Answers in the terminal, without a prompt: one line in, one page out, drawn."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from rich.console import Console

from bot.commands.asking import ask
from bot.commands.help import line_of
from bot.commands.lookup import BY_NAME
from bot.commands.names import command_name
from bot.commands.spec import Asker
from bot.console.draw import draw, follow_ups, print_whole_lines, width_for
from bot.console.line import LineFault, format_line, parse_line
from bot.context import AppContext
from bot.domain.audience import TERMINAL, TERMINAL_USER
from bot.domain.page import Button, Page, Request
from bot.feeds.daemon_thread import in_daemon_thread
from bot.locale import Translator, translator
from bot.pages.help import group_page
from bot.pages.problem import problem_page

#: The line that leaves the samples for the bot's own store.
REAL = "/real"


@dataclass(slots=True)
class AnswerSource:
    """Where the terminal's answers come from; it may change while the prompt is open.

    While ``real`` is set, the news in ``context`` is invented and every page's title says so; ``real`` gives
    the context of the bot's own store.
    """

    context: AppContext
    real: Callable[[], Awaitable[AppContext]] | None = None

    async def answer(self, line: str) -> Page:
        """The page that a typed line asks for."""
        if self.real is not None and line.strip().lower() == REAL:
            self.context, self.real = await self.real(), None
            line = "/concerns"
        page = await answer_line(self.context, line)
        if self.real is None:
            return page
        t = translator((await terminal_asker(self.context)).language)
        return replace(page, title=t("Invented sample: {title}", title=page.title))


async def terminal_asker(context: AppContext) -> Asker:
    """The user at the terminal, who is its admin, with the language and zone that they chose."""
    settings = await context.guild_settings(TERMINAL)
    return Asker(
        user=TERMINAL_USER,
        view=TERMINAL,
        language=settings.language,
        zone=settings.timezone,
        admin=True,
        operator=True,
    )


async def answer_line(context: AppContext, line: str) -> Page:
    """The page that a typed line asks for."""
    asker = await terminal_asker(context)
    t = translator(asker.language)
    try:
        request = parse_line(line, BY_NAME, context.brief)
    except LineFault as fault:
        return _fault_page(t, fault, _meant(context, fault))
    return await ask(context, asker, request)


async def show(context: AppContext, console: Console, page: Page) -> None:
    """Print ``page`` in the terminal."""
    asker = await terminal_asker(context)
    drawn = draw(page, translator(asker.language), context.clock.now(), asker.zone)
    if console.is_terminal:
        console.print(drawn, width=width_for(console))
    else:
        print_whole_lines(console, drawn)
    if page.once_shown is not None:
        await ask(context, asker, page.once_shown)


def _meant(context: AppContext, fault: LineFault) -> Request | None:
    """The request that a mistyped line probably meant."""
    try:
        return parse_line(fault.meant, BY_NAME, context.brief) if fault.meant else None
    except LineFault:
        return None


def _fault_page(t: Translator, fault: LineFault, meant: Request | None) -> Page:
    if fault.code == "group":
        within = [BY_NAME[name] for name in BY_NAME if name.startswith(f"{fault.word} ")]
        name = command_name(fault.word, t.language)
        return group_page(t, name, [line_of(t, command) for command in within])
    if fault.code == "unknown_option":
        sentence = t("This command has no “{word}”.", word=fault.word)
    elif fault.code == "too_many_words":
        sentence = t("“{word}” is one word too many for this command.", word=fault.word)
    else:
        sentence = t("There is no command “{word}”.", word=fault.word)
    if meant is not None:
        line = format_line(meant, t.language)
        return problem_page(t, sentence, t("Was this meant?"), buttons=(Button(line, meant, primary=True),))
    return problem_page(t, sentence, t("/help lists all commands."))


async def answer_piped_lines(source: AnswerSource, console: Console, steps: list[str]) -> None:
    """Answer the lines of a pipe or a file, for scripts; without any, show the first page.

    A number is the step of that number under the page before; ``steps`` are those of the last page printed.
    """
    asked = False
    while line := await in_daemon_thread(sys.stdin.readline):
        if line := chosen_step(line.strip(), steps):
            asked = True
            page = await source.answer(line)
            steps[:] = follow_ups(page)
            await show(source.context, console, page)
    if not asked:
        await show(source.context, console, await source.answer("/concerns"))


def chosen_step(line: str, steps: list[str]) -> str:
    """The line that a number under the last page stands for, else the line itself."""
    return steps[int(line) - 1] if line.isdecimal() and 0 < int(line) <= len(steps) else line
