"""What may be written to a log: what happened in which piece of code; never who, never what was sent.

Every line is one JSON object. Our own events carry the fields that we name. What others log (Django, procrastinate, the
server) is never written as they worded it, since their words hold paths, arguments and values: the line says which logger, at
what level, in which function, and the kind of error.
"""

import logging
from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

Event = MutableMapping[str, Any]
OURS = "fridhem."
# What a line may hold; anything else is taken away before it is written.
KEPT = (
    "at", "face", "level", "event", "view", "method", "status", "ms", "answers", "task", "job", "action", "logger", "function",
    "kind", "place", "bytes", "rows", "seconds",
)  # fmt: skip


class WithoutPeople(logging.Filter):
    """Takes the words from what others log: what is left is where it was said, the kind of error and its place in the code."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            kind, _error, trace = record.exc_info
            record.kind, record.place = kind.__name__, _place(trace)
            record.exc_info = record.exc_text = None
        if not record.name.startswith(OURS):
            record.msg, record.args = _neutral(record), ()
        record.stack_info = None
        return True


def _neutral(record: logging.LogRecord) -> str:
    if record.name.startswith(("django.request", "django.security")):
        return f"request answered {getattr(record, 'status_code', '')}".strip()
    return "said by a part of the house"


def _place(trace: Any) -> str:
    """The last place in our own code that an error passed."""
    place = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "fridhem" in code.co_filename:
            place = f"{code.co_name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def from_record(_logger: Any, _name: str, event: Event) -> Event:
    """Bring over what a standard log record knows and may tell."""
    record = event.get("_record")
    if record is not None:
        event.update(logger=record.name, function=record.funcName)
        for known in ("kind", "place", "action", "status_code"):
            if getattr(record, known, None):
                event["status" if known == "status_code" else known] = getattr(record, known)
        job = getattr(record, "job", None)
        if isinstance(job, dict):
            event.update(task=job.get("task_name"), job=job.get("id"))
    return event


def stamp(face: str) -> Callable[[Any, str, Event], Event]:
    """Add the face and the time: to the second, but on the public face to the hour, since a time can tell who it was."""

    def add(_logger: Any, _name: str, event: Event) -> Event:
        now = datetime.now(UTC).replace(microsecond=0)
        at = now.replace(minute=0, second=0) if face == "public" else now
        return {**event, "face": face, "at": at.isoformat()}

    return add


def only_known(_logger: Any, _name: str, event: Event) -> Event:
    """What isn't in `KEPT` isn't written; what is stands in that order."""
    return {name: event[name] for name in KEPT if name in event}


def formatter(face: str) -> dict[str, Any]:
    """The `LOGGING` formatter: one JSON object a line."""
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [structlog.stdlib.add_log_level],
        "processors": [
            from_record,
            stamp(face),
            only_known,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=_kind),
        ],
    }


def _kind(value: object) -> str:
    """A value that JSON can't hold is told by its kind only."""
    return type(value).__name__


def begin() -> None:
    """Let structlog hand its events to the standard handlers. A line that can't be written (a full disk) stops no work."""
    logging.raiseExceptions = False
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
