"""Logs as one JSON object a line: request id and user id, never bodies, tokens or phone numbers. 日志."""

import json
import logging
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_app_context, request

from .masks import masked
from .request import origin

access = logging.getLogger("registry.access")


class JsonFormatter(logging.Formatter):
    """One line a record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, everything in words masked."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
            "request_id": origin().request_id,
            "user": g.get("user_id", "") if has_app_context() else "",
        }
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))
        text = json.dumps(line | getattr(record, "fields", {}), ensure_ascii=False)
        return text.encode(errors="replace").decode()  # half a character would keep the line from being written


def install(app: Flask) -> None:
    """Write to standard error, and a line for every request; the tests' own handlers stay."""
    app.before_request(_begin)
    app.after_request(_finish)
    if app.testing:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("registry").setLevel(logging.INFO)


def _begin() -> None:
    g.began_at = time.perf_counter()


def _finish(response: Response) -> Response:
    """The address's pattern is logged, not the address: it may hold a code that opens something."""
    fields = {
        "method": request.method,
        "route": str(request.url_rule or ""),
        "object": (request.view_args or {}).get("public_id", ""),
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.get("began_at", time.perf_counter())) * 1000, 1),
    }
    if request.endpoint not in ("static", "bootstrap.static"):
        access.info("request", extra={"fields": fields})
    return response
