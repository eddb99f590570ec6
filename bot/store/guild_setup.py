"""What an admin sets in one step: a server's language, zone and digests, each step in one transaction.

What is not given stays as it is stored, and is read in the transaction that writes: of two admins who change
different things at once neither undoes the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.audience import Owner, Place, User
from bot.domain.digests import DigestSubscription
from bot.domain.guilds import GuildSettings
from bot.domain.schedule import EVERY_DAY
from bot.store import digests, guilds

#: Digests of one server: each is a post a day, and nobody reads more channels than this.
MOST_DIGESTS = 25
#: When a digest comes whose hour nobody has chosen, in minutes after midnight.
_FIRST_MINUTE = 8 * 60


@dataclass(frozen=True, slots=True)
class DigestChoice:
    """What is chosen of a digest; None stays as it was. An option that is empty or False is taken away."""

    minute_of_day: int | None = None
    days: int | None = None
    concerns: Sequence[str] | None = None
    empty_day: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def given(self) -> bool:
        """Whether anything is chosen."""
        return self != DigestChoice()


class DigestLimit(Exception):
    """The server has as many digests as one may have."""


def set_language(session: Session, owner: Owner, language: str, *, by: User | None, now: datetime) -> None:
    """Write a server's posts in that language, its digests too."""
    guilds.set_settings(session, owner, language=language, by=by, now=now)
    digests.set_language(session, owner, language)


def set_zone(
    session: Session, owner: Owner, zone: str, *, by: User | None, now: datetime
) -> list[DigestSubscription]:
    """Mean a server's hours in that zone. Returns the digests that this moved."""
    guilds.set_settings(session, owner, timezone=zone, by=by, now=now)
    return digests.move_zone(session, owner, zone, now=now)


def mute_forms(
    session: Session,
    owner: Owner,
    *,
    mute: str | None,
    show: str | None,
    by: User | None,
    now: datetime,
) -> None:
    """Leave entries of the form ``mute`` out of what a server sees, and let in those of the form ``show``."""
    known = guilds.settings_of(session, owner)
    muted = set(known.muted if known else ()) | {mute} - {None}
    guilds.set_settings(
        session, owner, muted=[form for form in muted if form and form != show], by=by, now=now
    )


def change_digest(
    session: Session,
    place: Place,
    defaults: GuildSettings,
    choice: DigestChoice,
    *,
    by: User | None,
    now: datetime,
) -> DigestSubscription:
    """Make a channel's digest, or change what is chosen of it. Raises DigestLimit.

    ``defaults`` has the language and zone that hold where the server has set none.
    """
    known = digests.subscriptions_of(session, place.owner)
    before = next((one for one in known if one.place == place), None)
    if before is None and len(known) >= MOST_DIGESTS:
        raise DigestLimit
    settings = (
        guilds.settings_of(session, place.owner, language=defaults.language, timezone=defaults.timezone)
        or defaults
    )
    options = (dict(before.options) if before else {}) | dict(choice.options)
    minute, days, concerns, empty = choice.minute_of_day, choice.days, choice.concerns, choice.empty_day
    digests.set_subscription(
        session,
        place,
        minute_of_day=minute if minute is not None else before.minute_of_day if before else _FIRST_MINUTE,
        zone=settings.timezone,
        language=settings.language,
        days=days if days is not None else before.days if before else EVERY_DAY,
        concerns=concerns if concerns is not None else before.concerns if before else (),
        empty_day=empty if empty is not None else before.empty_day if before else "line",
        options={name: value for name, value in options.items() if value},
        by=by,
        now=now,
    )
    return next(one for one in digests.subscriptions_of(session, place.owner) if one.place == place)


def set_up(
    session: Session,
    owner: Owner,
    defaults: GuildSettings,
    *,
    language: str | None,
    zone: str | None,
    place: Place | None,
    choice: DigestChoice,
    by: User | None,
    now: datetime,
) -> DigestSubscription | None:
    """Keep the choices of ``/setup``: settings, and the server's first digest.

    The digest is made once its channel and hour are known, and changed as is chosen after that. A channel
    that has a digest of its own is the one that is set up. None while there is no digest. Raises DigestLimit.
    """
    guilds.set_settings(session, owner, language=language, timezone=zone, by=by, now=now)
    if language is not None:
        digests.set_language(session, owner, language)
    if zone is not None:
        digests.move_zone(session, owner, zone, now=now)
    first = next(iter(digests.subscriptions_of(session, owner)), None)
    if first is None:
        if place is None or choice.minute_of_day is None:
            return None
        return change_digest(session, place, defaults, choice, by=by, now=now)
    if place is None:
        place = first.place
    elif place != first.place:
        digests.move(session, first.id, place, by=by, now=now)
    if choice.given:
        return change_digest(session, place, defaults, choice, by=by, now=now)
    return next(one for one in digests.subscriptions_of(session, place.owner) if one.place == place)
