"""The log: JSON lines of allow-listed fields, so that nothing secret or personal can slip in."""

import json
import logging
import traceback
from typing import TextIO

_FIELDS = ("request_id", "op", "device", "outcome")


class JsonLines(logging.Formatter):
    """One object a line; messages of others are named by their logger, never quoted."""

    def format(self, record: logging.LogRecord) -> str:
        """Spell one record."""
        ours = record.name.startswith("server_stub.")
        fields = getattr(record, "fields", {})
        line = {
            "time": int(record.created),
            "level": record.levelname.lower(),
            "event": record.msg if ours else record.name,
            **{name: fields[name] for name in _FIELDS if name in fields},
        }
        if not ours and hasattr(record, "status_code"):
            line["status"] = record.status_code
        if record.exc_info and record.exc_info[0]:
            # Type and place. The text of an exception may quote what it choked on.
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["at"] = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        return json.dumps(line)


def write_json_lines(stream: TextIO) -> None:
    """Send every log record there."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
