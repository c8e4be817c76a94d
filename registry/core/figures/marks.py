"""Words and signs that say how a number is meant, and their removal. 余、约、近等限定词."""

import re

from .kinds import WORDS, Qualifier, Unit

BEFORE = {
    Qualifier.AT_LEAST: (
        "不少于", "不低于", "至少", "最少", "超过", "突破", "多于", "超", "逾", "上", ">=", "≥", ">",
        "more than", "not less than", "no less than", "no fewer than", "not fewer than", "at least", "over",
    ),
    Qualifier.AT_MOST: (
        "不超过", "不多于", "不高于", "至多", "最多", "不足", "不到", "低于", "少于", "<=", "≤", "<",
        "no more than", "not more than", "at most", "up to", "less than", "fewer than",
    ),
    Qualifier.APPROX: ("大约", "约为", "约", "about", "approximately", "around", "roughly", "~", "≈"),
    Qualifier.NEARLY: ("接近", "将近", "近", "nearly", "almost"),
    Qualifier.PLANNED: ("计划", "拟", "预计", "planned"),
}  # fmt: skip
AFTER = {
    Qualifier.AT_LEAST: ("及以上", "以上", "余", "多", "+"),
    Qualifier.AT_MOST: ("及以下", "以下", "以内"),
    Qualifier.APPROX: ("左右", "上下", "来"),
}
NAMED = {
    "计划": Qualifier.PLANNED, "planned": Qualifier.PLANNED,
    "推算": Qualifier.DERIVED, "derived": Qualifier.DERIVED,
    "取整": Qualifier.ROUNDED, "rounded": Qualifier.ROUNDED,
    "约数": Qualifier.APPROX, "approximate": Qualifier.APPROX,
}  # fmt: skip
# 10余万, 3万多, 二十余万: the sign stands before the power that belongs to the number.
INSIDE = re.compile(r"(.*[0-9零一二两三四五六七八九十百千])(余|多|来)([十百千]?[万亿]?)")
INCLUSIVE = re.compile(r"以上|≥|>=|不少于|不低于|至少|最少|at least|(?:no|not) (?:less|fewer) than", re.IGNORECASE)


def _longest_first(table: dict[Qualifier, tuple[str, ...]]) -> list[tuple[str, Qualifier]]:
    pairs = [(word, qualifier) for qualifier, words in table.items() for word in words]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


PREFIXES, SUFFIXES = _longest_first(BEFORE), _longest_first(AFTER)
BEGINNINGS, ENDS = tuple(word for word, _kind in PREFIXES), tuple(word for word, _kind in SUFFIXES)
UNIT_WORDS = sorted(
    ((word, unit) for unit, words in WORDS.items() for word in (words.zh, words.singular, words.plural, *words.also)),
    key=lambda pair: -len(pair[0]),
)
UNIT_ENDS = tuple(word for word, _unit in UNIT_WORDS)
IN_BRACKETS = re.compile(r"(.*)\(([^()]+)\)")


def take_marks(text: str) -> tuple[str, list[Qualifier]]:
    """The text without the signs at its two ends, and the signs."""
    found: list[Qualifier] = []
    while step := _named(text) or _before(text) or _after(text):
        text, qualifier = step[0].strip(), step[1]
        found.append(qualifier)
    return text, found


def take_inside(text: str) -> tuple[str, list[Qualifier]]:
    """10余万 → 10万 and 余."""
    match = INSIDE.fullmatch(text)
    if not match:
        return text, []
    return match[1] + match[3], [Qualifier.APPROX if match[2] == "来" else Qualifier.AT_LEAST]


def take_unit(text: str, expected: Unit | None) -> tuple[str, Unit | None]:
    """The text without the unit at its end; where units share the word, the expected one of them, else the first."""
    for word, unit in UNIT_WORDS if text.endswith(UNIT_ENDS) else ():
        if text.endswith(word) and not _is_part_of_word(text, word):
            same = [other for written, other in UNIT_WORDS if written == word]
            return text.removesuffix(word).strip(), expected if expected in same else unit
    return text, None


def _is_part_of_word(text: str, word: str) -> bool:
    """Whether an English unit is only the end of a longer word."""
    before = text.removesuffix(word)[-1:]
    return word[0].isascii() and word[0].isalpha() and before.isascii() and before.isalpha()


def _named(text: str) -> tuple[str, Qualifier] | None:
    match = IN_BRACKETS.fullmatch(text)
    return (match[1], NAMED[match[2].strip()]) if match and match[2].strip() in NAMED else None


def _before(text: str) -> tuple[str, Qualifier] | None:
    for word, qualifier in PREFIXES if text.startswith(BEGINNINGS) else ():
        if text.startswith(word) and not (word == "上" and text[1:2] not in tuple("百千万亿")):
            return text.removeprefix(word), qualifier
    return None


def _after(text: str) -> tuple[str, Qualifier] | None:
    for word, qualifier in SUFFIXES if text.endswith(ENDS) else ():
        if text.endswith(word) and len(text) > len(word):
            return text.removesuffix(word), qualifier
    return None
