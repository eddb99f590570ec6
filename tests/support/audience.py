"""Whose feeds are read and where messages go, in the short form in which tests name them."""

from __future__ import annotations

from bot.domain.audience import DEFAULTS, Server, ServerChannel, View


def whose(server: int | None) -> View:
    """A server's view; that of a direct message without one."""
    return DEFAULTS if server is None else Server(server)


def spot(server: int, channel: int) -> ServerChannel:
    """A channel of a server."""
    return ServerChannel(Server(server), channel)
