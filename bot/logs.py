"""How the log is written: one event a line, with keys. Secrets never reach it, by name or by value."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

#: The value of a key whose name says that it is a secret is never written.
_SECRET_NAMES = re.compile(r"token|secret|password|authorization|api_key", re.IGNORECASE)
#: user:password@ of any address, and a password in its query or in libpq's own form.
_CREDENTIALS = re.compile(
    r"(?<=://)[^/@\s:]+:[^/@\s]+(?=@)|(?<=[?&\s])(?:ssl)?password=[^&\s'\"]+", re.IGNORECASE
)
_HIDDEN = "***"


def set_up_logs(level: str, form: str, secrets: Iterable[str] = ()) -> None:
    """Send the log to standard error: for people (``console``) or for machines (``json``).

    ``secrets`` are values that are replaced wherever they occur, in tracebacks too.
    """
    known = tuple(secret for secret in secrets if secret)
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=24,
            # Not rich's: it shows the variables of each frame, and secrets among them broken over two lines,
            # where they are not found. It takes seconds for that, in which nobody is answered.
            exception_formatter=structlog.dev.plain_traceback,
        )
    )
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if form == "json" else _keep,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _hide, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_SecretFilter(formatter, known))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("apscheduler", "alembic", "procrastinate", "discord.gateway", "discord.client"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)  # `tick_failed` tells the same
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _SecretFilter(logging.Formatter):
    """Replaces secret values in each formatted line before it is written."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        line = _CREDENTIALS.sub(_HIDDEN, self._inner.format(record))
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        return line


def _hide(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in event:
        if _SECRET_NAMES.search(name):
            event[name] = _HIDDEN
    return event


def _keep(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return event
