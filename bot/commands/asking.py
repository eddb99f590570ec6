"""One way in for every surface: a request to its page, and what completes an argument."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import offset_words, zone_name
from bot.commands import arguments, headlines
from bot.commands.faults import UserFault
from bot.commands.lookup import find
from bot.commands.names import options_in_spanish
from bot.commands.policy_names import policies_matching
from bot.commands.spec import Arguments, Asker, Command, Parameter
from bot.commands.zones import matching_zones
from bot.context import AppContext
from bot.domain.audience import Defaults
from bot.domain.page import Button, Choice, Code, Option, Page, Request, Span, with_spans
from bot.locale import Translator, message, translator
from bot.pages.problem import problem_page
from bot.store import feeds, watches

#: Discord shows at most 25 completions (API reference, "Autocomplete").
COMPLETIONS = 25
#: Values offered where one is missing or wrong: the terminal numbers them.
OFFERED = 10


async def ask(context: AppContext, asker: Asker, request: Request) -> Page:
    """The page that answers ``request``.

    What the asker got wrong is answered with a page that says so; other exceptions are the surface's. Options
    that it names are called as the asker's Discord, or the terminal, calls them.
    """
    page = await _answered(context, asker, request)
    return with_spans(page, _with_spanish_options) if asker.language == "es" else page


def _with_spanish_options(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(Code(options_in_spanish(span.text)) if isinstance(span, Code) else span for span in spans)


async def is_refused(context: AppContext, asker: Asker, request: Request) -> bool:
    """Whether the answer will be what is wrong with the request itself, which takes no time."""
    try:
        await _checked(context, asker, request)
    except UserFault:
        return True
    return False


async def _checked(context: AppContext, asker: Asker, request: Request) -> tuple[Command, Arguments]:
    """The command with its arguments as it takes them. Raises UserFault."""
    command = find(request.command)
    fault = refusal(asker, command)
    if fault is not None:
        raise fault
    given = await headlines.with_numbers(context, asker, command, request.arguments)
    return command, arguments.checked(command, given, context.brief)


async def _answered(context: AppContext, asker: Asker, request: Request) -> Page:
    t = translator(asker.language)
    try:
        command, values = await _checked(context, asker, request)
        return await command.answer(context, asker, values)
    except arguments.Missing as missing:
        pairs = await complete(context, asker, missing.command, missing.parameter, "")
        if pairs:
            missing.offering(missing.parameter.name, lambda _: pairs)
        missing.with_example(_example(missing.parameter, pairs))
        return fault_page(t, missing, request)
    except UserFault as fault:
        return fault_page(t, fault, request)


async def destination(context: AppContext, asker: Asker, command: Command, given: Arguments) -> int | None:
    """In which channel a command would have the bot post.

    None for nowhere, and where the answer will be why not: for who may not use it, and for arguments that
    cannot be read.
    """
    if command.destination is None or refusal(asker, command) is not None:
        return None
    try:
        return await command.destination(context, asker, arguments.checked(command, given, context.brief))
    except UserFault:
        return None


def _example(parameter: Parameter, pairs: Sequence[tuple[str, str]]) -> str:
    """A value as one would type it: what stands on the label where that is taken too, as names are.

    Empty where there is nothing to choose yet.
    """
    if not pairs:
        return parameter.example
    label, value = pairs[0]
    return label if parameter.kind in ("choice", "concern", "part") else value


def fault_page(t: Translator, fault: UserFault, request: Request) -> Page:
    """What was wrong, what to do, and values to choose from where there are some."""
    choices: tuple[Choice, ...] = ()
    if fault.offer is not None and (pairs := fault.offer.pairs(t)):
        argument = fault.offer.argument
        kept = {name: value for name, value in request.arguments.items() if name != argument}
        options = tuple(Option(label, value) for label, value in pairs[:OFFERED])
        choices = (Choice(t("Choose one"), Request(request.command, kept), argument, options),)
    buttons = (Button(t(fault.step[0]), fault.step[1], primary=True),) if fault.step else ()
    return problem_page(t, *fault.words(t), buttons=buttons, choices=choices)


def refusal(asker: Asker, command: Command) -> UserFault | None:
    """Why ``asker`` may not use ``command``; None when they may."""
    if command.operator and not asker.operator:
        return UserFault(
            message("Only operators of this bot can use /{command}: stories are shared by all servers."),
            message("The setting VIGIA_OPERATORS names who that is."),
            command=command.name,
        )
    if command.admin and not (asker.admin or command.operator):
        return UserFault(
            message("Only members who can manage this server can use /{command}."),
            message("Ask someone with the “Manage Server” permission."),
            command=command.name,
        )
    if command.admin and isinstance(asker.view, Defaults):
        return UserFault(message("/{command} works in a server only."), command=command.name)
    return None


async def complete(
    context: AppContext, asker: Asker, command: Command, parameter: Parameter, typed: str
) -> list[tuple[str, str]]:
    """Up to 25 (label, value) pairs that fit what was typed so far."""
    t = translator(asker.language)
    wanted = arguments.fold(typed)
    pairs: list[tuple[str, str]] = []
    match parameter.kind:
        case "choice":
            pairs = [(t(label), value) for value, label in parameter.choices]
        case "concern":
            return [
                (concern.name.in_(asker.language), concern.id)
                for concern in context.brief.concerns
                if any(wanted in spelling for spelling in arguments.concern_spellings(concern))
            ]
        case "concerns":
            return _several(context, t, typed)[:COMPLETIONS]
        case "part":
            pairs = [(title.in_(asker.language), id_) for id_, title in context.brief.parts]
        case "zone":
            now = context.clock.now()
            zones = matching_zones(typed, COMPLETIONS)
            return [(f"{zone_name(zone)} ({offset_words(zone, now)})", zone) for zone in zones]
        case "feed":
            known = await context.database.read(feeds.feeds_of, asker.view)
            pairs = [(feed.name, str(feed.id)) for feed in known]
        case "watch":
            known_watches = await context.database.read(watches.of_guild, asker.view, context.clock.now())
            pairs = [(watch.name, watch.name) for watch in known_watches]
        case "policy":
            return [
                (policy.name.in_(asker.language), policy.id)
                for policy in policies_matching(context.record, typed)[:COMPLETIONS]
            ]
        case "story":
            return (await headlines.with_headline(context, asker, typed))[:COMPLETIONS]
    fitting = [(label, value) for label, value in pairs if wanted in arguments.fold(f"{label} {value}")]
    return fitting[:COMPLETIONS]


def _several(context: AppContext, t: Translator, typed: str) -> list[tuple[str, str]]:
    """What completes the last of several concerns, with those before it kept."""
    names = {concern.id: concern.name.in_(t.language) for concern in context.brief.concerns}
    *before, last = (arguments.fold(part) for part in typed.split(","))
    folded = {id_: arguments.fold(name) for id_, name in names.items()}
    kept = [id_ for id_ in names if folded[id_] in before or arguments.fold(id_) in before]
    pairs = [] if kept else [(t("All concerns"), arguments.ALL)]
    for id_ in names:
        if id_ not in kept and last in f"{folded[id_]} {arguments.fold(id_)}":
            together = [*kept, id_]
            pairs.append((", ".join(names[one] for one in together), ",".join(together)))
    return pairs
