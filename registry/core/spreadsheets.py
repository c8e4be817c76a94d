"""Cells that spreadsheet programs must not run. 电子表格防注入."""

# OWASP, CSV injection; Excel in Chinese takes the full-width signs too.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(value: object) -> str | int | float:
    """Text that could be read as a formula gets an apostrophe in front; numbers stay numbers."""
    if value is None or value == "":
        return ""
    if value.__class__ is not str and isinstance(value, bool | int | float):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text


def as_typed(text: str) -> str:
    """What stood in a cell before it was defused, so that what goes out comes in again unchanged."""
    bare = text.removeprefix("'")
    return bare if bare != text and bare.lstrip(" ").startswith(RISKY) else text
