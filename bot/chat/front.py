"""Between Discord and the commands: who asks, and how an answer or an error reaches them.

Commands, buttons, selects, forms and completion all come through here, so that each is paced, timed and
answered in one way, and an error in any of them becomes a sentence with a reference.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord
import structlog
from discord import app_commands

from bot import metrics
from bot.chat.custom_id import SELECT, SHARE, Target, decode, key_in, utf16_length, with_kept
from bot.chat.errors import ReportedError, reported_error
from bot.chat.limits import MAX_CHOICE, MAX_OPTIONS, cut
from bot.chat.lost_answers import AnswerLost, LostAnswers
from bot.chat.modals import form, needs_form
from bot.chat.naming import with_mentions
from bot.chat.outcome import ASK_ERRORS
from bot.chat.pace import MOST_COMPLETIONS, Pace, TooFast
from bot.chat.render import Drawn, Share, draw, pieces
from bot.chat.reply import Interaction, Reply, Way, language_of, view_of
from bot.chat.rights import effective_permissions, elsewhere_page, missing_rights, rights_page
from bot.commands import asking
from bot.commands.registry import COMMANDS
from bot.commands.spec import Asker, Command, Parameter
from bot.context import AppContext
from bot.domain.audience import Member, Server
from bot.domain.page import Note, Page, Request
from bot.locale import translator
from bot.pages.problem import problem_page
from bot.store import kept_requests

log = structlog.get_logger()

Ask = Callable[[AppContext, Asker, Request], Awaitable[Page]]

#: Discord waits three seconds for a first answer; past this we say that we are at it.
PATIENCE_SECONDS = 1.5
#: Messages of one answer; the rest of a longer one is behind its own buttons.
MOST_MESSAGES = 5
#: Seconds before each look at what an answer waits for: together less than the 15 minutes for which Discord
#: lets an answer be changed.
WAITS = (2, 3, 5, 5, 10, 10, 15, *[30] * 10, *[60] * 7)


class Front:
    """Answers what people do in Discord."""

    def __init__(
        self, context: AppContext, ask: Ask = asking.ask, commands: Sequence[Command] = COMMANDS
    ) -> None:
        self._context = context
        self._commands = {command.name: command for command in commands}
        self._ask = _timed(ask, self._commands)
        #: By name, as Discord tells them at the login; a command that is named can then be clicked.
        self.command_ids: Mapping[str, int] = {}
        self._pace = Pace()
        self._typing = Pace(MOST_COMPLETIONS)
        self._lost_answers = LostAnswers()
        self._held: set[asyncio.Task[None]] = set()
        self._waiting: set[asyncio.Task[None]] = set()

    async def command(self, interaction: Interaction, command: Command, given: dict[str, str]) -> None:
        """Answer a slash command, to its asker alone."""
        reply = Reply(interaction)

        async def answer() -> None:
            problem = await self._unpostable(interaction, command, given)
            if problem is not None:
                await reply.tell(self._drawn(problem))
                return
            await self._answer(interaction, Request(command.name, given), reply)

        await self._guarded(interaction, reply, answer())

    async def press(self, interaction: Interaction, custom_id: str, values: list[str]) -> None:
        """Answer a button or a select: in place on the presser's own message, else in a new one."""
        own = interaction.message is not None and interaction.message.flags.ephemeral
        reply = Reply(interaction, Way.IN_PLACE if own else Way.PRIVATE)

        async def answer() -> None:
            target = decode(await self._unkept(custom_id))
            request = _filled(target, [await self._unkept(value) for value in values])
            command = self._commands.get(request.command)
            problem = await self._unpostable(interaction, command, request.arguments)
            if problem is not None:
                await reply.tell(self._drawn(problem))
            elif target.kind == SHARE:
                await self._share(interaction, request)
            else:
                await self._answer(interaction, request, reply)

        await self._guarded(interaction, reply, answer())

    async def submit(self, interaction: Interaction, custom_id: str, written: dict[str, str]) -> None:
        """Answer a form that was sent, where a press on the message that opened it would be answered."""
        own = interaction.message is not None and interaction.message.flags.ephemeral
        reply = Reply(interaction, Way.IN_PLACE if own else Way.PRIVATE)

        async def answer() -> None:
            request = decode(await self._unkept(custom_id)).request
            filled = Request(request.command, {**request.arguments, **written})
            await self._answer(interaction, filled, reply)

        await self._guarded(interaction, reply, answer())

    async def choices(
        self, interaction: Interaction, command: Command, parameter: Parameter, typed: str
    ) -> list[app_commands.Choice[str]]:
        """What completes an argument; nothing when that fails or is asked too often: Discord has no way to
        say so.
        """
        try:
            self._typing.admit(interaction.user.id, self._context.clock.now())
        except TooFast:
            return []

        async def complete() -> list[tuple[str, str]]:
            asker = await self._asker(interaction)
            return await asking.complete(self._context, asker, command, parameter, typed)

        task = asyncio.create_task(complete())
        await asyncio.wait({task})
        error = task.exception()
        if error is not None:
            self._log(reported_error(error), interaction)
            return []
        made: dict[str, app_commands.Choice[str]] = {}
        for label, value in task.result():
            if value and utf16_length(value) <= MAX_CHOICE and label:
                made.setdefault(value, app_commands.Choice(name=cut(label, MAX_CHOICE), value=value))
        return list(made.values())[:MAX_OPTIONS]

    async def report(
        self, interaction: Interaction, error: BaseException, reply: Reply | None = None
    ) -> None:
        """Report an error to the member, and to the log with the same reference."""
        failure = reported_error(error)
        self._log(failure, interaction)
        if failure.text.quiet or interaction.type is discord.InteractionType.autocomplete:
            return
        page = failure.as_page(translator(language_of(interaction)))
        telling = asyncio.create_task((reply or Reply(interaction)).tell(self._drawn(page)))
        await asyncio.wait({telling})
        if telling.exception() is not None:
            log.warning("reader_not_notified", reference=failure.reference, problem=repr(telling.exception()))

    async def finish(self, seconds: float) -> None:
        """Wait for the answers that are under way, up to ``seconds``."""
        for waiting in self._waiting:
            waiting.cancel()
        if self._held:
            await asyncio.wait(set(self._held), timeout=seconds)

    async def _guarded(self, interaction: Interaction, reply: Reply, work: Coroutine[Any, Any, None]) -> None:
        """Run ``work`` to its end. An exception becomes an answer: discord.py would swallow some of them."""
        try:
            self._pace.admit(interaction.user.id, self._context.clock.now())
        except TooFast as fast:
            work.close()
            await self.report(interaction, fast, reply)
            return
        task = asyncio.create_task(work)
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        await asyncio.wait({task})
        error = None if task.cancelled() else task.exception()
        if error is not None:
            await self.report(interaction, error, reply)

    async def _answer(self, interaction: Interaction, request: Request, reply: Reply) -> None:
        """Compute the answer, acknowledge first if that takes a while, and show it."""
        command = self._commands.get(request.command)
        sent = interaction.type is discord.InteractionType.modal_submit  # Discord takes no form as its answer
        if command is not None and needs_form(command, request) and not sent:
            await self._open_form(interaction, command, reply)
            return
        asker = await self._asker(interaction)
        takes_time = command is not None and (command.slow or command.may_change)
        if takes_time and not await asking.is_refused(self._context, asker, request):
            # First: where Discord no longer waits for the answer, nothing is changed that nobody hears of.
            await reply.hold()
        page = await self._page(asker, request, reply)
        if page.tone == "problem":
            await reply.tell((await self._pieces(page))[0])
            return
        share = None
        if interaction.guild_id is not None and command is not None and shareable(command):
            t = translator(language_of(interaction))
            share = Share(t("Share"), request)
        try:
            await reply.show(await self._pieces(page, share))
        except ASK_ERRORS as problem:
            if command is None or not command.may_change or page.once_shown is not None:
                raise  # nothing was changed; news that was not shown is news again
            self._lost_answers.keep(asker.user, page)
            raise AnswerLost from problem
        if page.once_shown is not None:
            await self._ask(self._context, asker, page.once_shown)
        lost = self._lost_answers.take(asker.user)
        if lost is not None and lost != page:
            await self._tell_lost(asker, lost, reply)
        if page.awaiting is not None:
            waiting = asyncio.create_task(self._await_end(asker, page, reply))
            self._waiting.add(waiting)
            waiting.add_done_callback(self._waiting.discard)

    async def _tell_lost(self, asker: Asker, lost: Page, reply: Reply) -> None:
        """Tell a member's lost answer below the one that they have got; lost again, it is kept again."""
        t = translator(asker.language)
        said = Note((t("This answer to an earlier request did not reach you."),))
        page = replace(lost, blocks=(said, *lost.blocks))
        try:
            await reply.tell((await self._pieces(page))[0])
        except ASK_ERRORS:
            self._lost_answers.keep(asker.user, lost)
            raise

    async def _await_end(self, asker: Asker, page: Page, reply: Reply) -> None:
        """Ask for the end of what a page told was under way, and put it in the page's place.

        It is asked ever more rarely, and for as long as Discord lets an answer be changed.
        """
        for wait in WAITS:
            await asyncio.sleep(wait)
            assert page.awaiting is not None, "only a page that awaits something is asked about again"
            shown, page = page, await self._ask(self._context, asker, page.awaiting)
            try:
                if page != shown:
                    await reply.change((await self._pieces(page))[0])
            except ASK_ERRORS as problem:
                log.info("answer_not_edited", problem=repr(problem))
                return
            if page.awaiting is None:
                return

    async def _open_form(self, interaction: Interaction, command: Command, reply: Reply) -> None:
        """Show the form of a command, to who may use it. It must be the first answer, so nothing is held."""
        t = translator(language_of(interaction))
        fault = asking.refusal(await self._asker(interaction), command)
        if fault is not None:
            await reply.tell(self._drawn(problem_page(t, *fault.words(t))))
            return
        await reply.open_form(form(t, command))

    async def _share(self, interaction: Interaction, request: Request) -> None:
        """Show a page to everyone in the channel, in the server's language."""
        t = translator(language_of(interaction))
        public = Reply(interaction, Way.PUBLIC)
        command = self._commands.get(request.command)
        if command is None or not shareable(command) or interaction.guild_id is None:
            await public.tell(self._drawn(problem_page(t, t("This page cannot be shared."))))
            return
        if not effective_permissions(interaction.permissions, interaction.channel).send_messages:
            await public.tell(self._drawn(problem_page(t, t("You cannot write in this channel."))))
            return
        settings = await self._context.guild_settings(Server(interaction.guild_id))
        # As any member would see it: buttons for admins have no place in what everybody gets to see.
        asker = replace(await self._asker(interaction, settings.language), admin=False, operator=False)
        page = await self._page(asker, request, public)
        if page.tone == "problem":
            await public.tell((await self._pieces(page))[0])
            return
        await public.show(await self._pieces(page))

    async def _pieces(self, page: Page, share: Share | None = None) -> list[Drawn]:
        """A page as messages, with the commands that it names as mentions; ``share`` stands on the last.

        What does not fit into the custom ids of their controls is stored.
        """
        *first, last = pieces(with_mentions(page, self.command_ids))[:MOST_MESSAGES]
        made = [*(draw(part) for part in first), draw(last, share=share)]
        kept = {key: text for drawn in made for key, text in drawn.kept.items()}
        if kept:
            await self._context.database.write(kept_requests.keep, kept, self._context.clock.now())
        return made

    async def _unkept(self, text: str) -> str:
        """A custom id, or a value that was picked, with what was stored in the place of its key."""
        key = key_in(text)
        kept = await self._context.database.read(kept_requests.recall, key) if key is not None else None
        return text if kept is None else with_kept(text, kept)

    def _drawn(self, page: Page) -> Drawn:
        """A page that is known to be short."""
        return draw(with_mentions(page, self.command_ids))

    async def _page(self, asker: Asker, request: Request, reply: Reply) -> Page:
        asked = asyncio.ensure_future(self._ask(self._context, asker, request))
        await asyncio.wait({asked}, timeout=PATIENCE_SECONDS)
        if not asked.done():
            try:
                await reply.hold()
            except BaseException:
                asked.cancel()
                raise
        return await asked

    async def _asker(self, interaction: Interaction, language: str | None = None) -> Asker:
        """Who asks. Manage Server counts only where the bot itself is in the server."""
        view = view_of(interaction)
        zone = (await self._context.guild_settings(view)).timezone
        rights = interaction.permissions
        return Asker(
            user=Member(interaction.user.id),
            view=view,
            language=language or language_of(interaction),
            zone=zone,
            admin=isinstance(view, Server) and (rights.manage_guild or rights.administrator),
            channel_id=interaction.channel_id,
            operator=interaction.user.id in self._context.settings.operator_ids,
        )

    async def _unpostable(
        self, interaction: Interaction, command: Command | None, given: Mapping[str, str]
    ) -> Page | None:
        """Why a command cannot have the bot post where it would; None if it can, or posts nowhere."""
        if command is None or command.destination is None or interaction.guild_id is None:
            return None
        asker = await self._asker(interaction)
        channel_id = await asking.destination(self._context, asker, command, given)
        if not channel_id:
            return None
        t = translator(asker.language)
        missing = await missing_rights(interaction, channel_id)
        if missing is None:
            return elsewhere_page(t)
        return rights_page(t, channel_id, missing) if missing else None

    def _log(self, failure: ReportedError, interaction: Interaction) -> None:
        data: Mapping[str, Any] = interaction.data or {}
        trace = failure.error if failure.text.level >= 40 else None
        log.log(
            failure.text.level,
            "answer_failed",
            reference=failure.reference,
            problem=repr(failure.error),
            asked=data.get("name") or data.get("custom_id"),
            guild=interaction.guild_id,
            exc_info=trace,
        )


def _filled(target: Target, values: list[str]) -> Request:
    """The request of a press, with what was chosen in a select."""
    if target.kind != SELECT or not target.argument:
        return target.request
    kept = {name: value for name, value in target.request.arguments.items() if name != target.argument}
    if values:
        kept[target.argument] = ",".join(values)
    return Request(target.request.command, kept)


def shareable(command: Command) -> bool:
    """Whether an answer may be shown to everyone in the channel."""
    return not command.may_change


def _timed(ask: Ask, known: Container[str]) -> Ask:
    """``ask``, with the time that each known command takes recorded."""

    async def timed(context: AppContext, asker: Asker, request: Request) -> Page:
        if request.command not in known:
            return await ask(context, asker, request)
        with metrics.COMMANDS.labels(command=request.command).time():
            return await ask(context, asker, request)

    return timed
