"""The record: policies since 2017 as objects, with the steps of each and the document behind each step."""

from bot.record.own import record_with
from bot.record.policy import (
    STATUS_AFTER,
    STATUSES,
    Amount,
    PolicyDocument,
    PolicyObject,
    PolicyStep,
    Proof,
    Record,
)
from bot.record.reading import RecordError, load_record, read_record

__all__ = [
    "STATUSES",
    "STATUS_AFTER",
    "Amount",
    "PolicyDocument",
    "PolicyObject",
    "PolicyStep",
    "Proof",
    "Record",
    "RecordError",
    "load_record",
    "read_record",
    "record_with",
]
