"""The operator's own files of the record, beside those that come with the bot."""

from __future__ import annotations

from pathlib import Path

from bot.article import KeyFault
from bot.record.policy import Record
from bot.record.reading import RecordError, read_record, shipped_texts


def record_with(folder: Path) -> Record:
    """The record that comes with the bot with the files of ``folder``.

    A file called as one that comes with the bot stands in its place; any other is added.
    Raises RecordError with each file and key at fault, also for a folder that cannot be read.
    """
    return read_record(shipped_texts() | _texts(folder))


def _texts(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise RecordError([KeyFault(str(folder), "is not a folder")])
    try:
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError([KeyFault(str(folder), str(error))]) from error
