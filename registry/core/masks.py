"""What must not stand in logs, job errors or answers of others that are kept: numbers, passwords, tokens. 脱敏."""

import re

MASKS = (
    (re.compile(r"://[^/\s:@]+:[^@\s]+@"), "://***@"),
    (re.compile(r"(?i)\b(password|token|secret|cookie|authorization|otp|code)(['\"]?\s*[=:]\s*)\S+"), r"\1\2***"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}={0,2}"), "***"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "***"),
    (re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "***"),
    (re.compile(r"(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"), "***"),
)


def masked(text: str) -> str:
    """The text without phone and identity numbers, passwords, tokens and long keys."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text
