"""A moment as an answer keeps it: plain JSON, with the instant by which something promised for it is due."""

from datetime import datetime

from pydantic import JsonValue

from domain.moment import Moment


def moment_value(moment: Moment) -> JsonValue:
    """`{"start", "end", "has_time"}`, times in ISO with offset."""
    return {
        "start": moment.start.isoformat(),
        "end": moment.end.isoformat() if moment.end else None,
        "has_time": moment.has_time,
    }


def starts_at(value: JsonValue) -> datetime:
    """When the moment begins. Raises TypeError or KeyError for anything but a moment's value."""
    return datetime.fromisoformat(str(_fields(value)["start"]))


def due_at(value: JsonValue) -> datetime:
    """The time of day that was said, else the last minute of the (last) day."""
    fields = _fields(value)
    if fields["has_time"]:
        return starts_at(value)
    return datetime.fromisoformat(str(fields["end"] or fields["start"])).replace(hour=23, minute=59)


def lasts(value: JsonValue) -> bool:
    """Whether it has a beginning and another end: 11月25日至27日, 下周."""
    fields = _fields(value)
    return fields["end"] is not None and fields["end"] != fields["start"]


def _fields(value: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        raise TypeError(f"not a moment: {value!r}")
    return value
