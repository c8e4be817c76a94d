"""Logs as one JSON object a line: request id and user id, never bodies, tokens or phone numbers. 日志."""

import json
import logging
import re
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_app_context, request

from .request import origin

MASKS = (
    (re.compile(r"://[^/\s:@]+:[^@\s]+@"), "://***@"),
    (re.compile(r"(?i)\b(password|token|secret|cookie|authorization|otp|code)(['\"]?\s*[=:]\s*)\S+"), r"\1\2***"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}={0,2}"), "***"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "***"),
    (re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "***"),
    (re.compile(r"(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"), "***"),
)
access = logging.getLogger("registry.access")


def masked(text: str) -> str:
    """The text without phone and identity numbers, passwords, tokens and long keys."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text


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
        return json.dumps(line | getattr(record, "fields", {}), ensure_ascii=False)


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
