"""How names are compared and found: folding, pinyin, initials. 名称规范化与拼音."""

import unicodedata

from pypinyin import Style, lazy_pinyin

PINYIN_LENGTH = 400
INITIALS_LENGTH = 100


def fold(text: str) -> str:
    """Text for comparing: full-width and half-width alike, lower case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def pinyin_of(*names: str) -> str:
    """`dongbeidaxue dongda` for 东北大学 and 东大: one word for each name."""
    return " ".join("".join(lazy_pinyin(fold(name))) for name in names if name)[:PINYIN_LENGTH]


def initials_of(*names: str) -> str:
    """`dbdx dd` for 东北大学 and 东大."""
    words = ("".join(lazy_pinyin(fold(name), style=Style.FIRST_LETTER)) for name in names if name)
    return " ".join(words)[:INITIALS_LENGTH]
