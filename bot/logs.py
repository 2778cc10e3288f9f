"""The log: one JSON object a line on standard error, with codes and counts; never contents or names of pupils.

Only the fields listed here leave the program: a library's message may quote what a pupil wrote, so records of other
packages lose everything but their name, level and the type of an exception.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

OWN = ("bot", "cogs", "klaswacht")
FIELDS = ("school", "kind", "count", "seconds", "state", "step", "attempt", "code", "id")


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without contents."""
        own = record.name.split(".")[0] in OWN
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            # Our own arguments are kinds and types (a test looks); another package's may be what somebody wrote.
            "what": record.getMessage() if own else f"{record.module}.{record.funcName}",
        }
        if own:
            line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _where(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    last = ""
    while trace:
        code = trace.tb_frame.f_code
        if f"/{OWN[0]}/" in code.co_filename or f"/{OWN[1]}/" in code.co_filename:
            last = f"{code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last


def start_logging(level: str) -> None:
    """Send all records, of all packages, through ``JsonLines`` to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OWN:
        logging.getLogger(name).setLevel(level)
