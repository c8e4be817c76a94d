"""What must not stand in logs, job errors or answers of others that are kept: numbers, passwords, tokens. 脱敏.

And what cannot: characters that no database takes.
"""

import re

MASKS = (
    (re.compile(r"://[^/\s:@]+:[^@\s]+@"), "://***@"),
    (re.compile(r"(?i)\b(password|token|secret|cookie|authorization|otp|code)(['\"]?\s*[=:]\s*)\S+"), r"\1\2***"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}={0,2}"), "***"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "***"),
    (re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "***"),
    (re.compile(r"(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"), "***"),
)
# Half characters, and control characters but for tab and line end: PostgreSQL takes no NUL, nothing takes a surrogate.
UNKEPT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]+")


def keepable(text: str) -> str:
    """The text without what a column cannot hold: foreign words must not prevent that they are noted."""
    return UNKEPT.sub(" ", text)


def masked(text: str) -> str:
    """The text without phone and identity numbers, passwords, tokens and long keys."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return text
