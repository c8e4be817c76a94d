"""The shape of what a briefing says: clauses that name figures, groups of them, sentences. 句式.

A clause names figures in braces and is left out where one of them is unknown (`zero=False`: or nothing). A group stands
between its own words and is left out when nothing of it is left. What is said of a record is data, never a pattern.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# [one|many]: what agrees with the number before it.
AGREEING = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
FIELD = re.compile(r"\{([a-z0-9_]+)(?:\.([a-z]+))?\}")
WORDS = frozenset({"as_of", "scope", "month"})
LANGUAGES = ("zh", "en")
Pair = tuple[str, str]  # Chinese, English


@dataclass(frozen=True)
class Clause:
    """A pattern in each language; `{code.n}` is a figure without its unit, `.of` the whole and `.share` of a share."""

    zh: str
    en: str
    zero: bool = True

    def pattern(self, language: str) -> str:
        """The one of the language."""
        return self.en if language == "en" else self.zh

    @property
    def codes(self) -> tuple[str, ...]:
        """The figures that it names."""
        return tuple(dict.fromkeys(found[1] for found in FIELD.finditer(self.zh) if found[1] not in WORDS))


@dataclass(frozen=True)
class Group:
    """Clauses one after another: what opens them, stands between and closes them, by language."""

    parts: "tuple[Clause | Group, ...]"
    between: Pair = ("，", ", ")
    opens: Pair = ("", "")
    closes: Pair = ("", "")


@dataclass(frozen=True)
class Said:
    """An item of a part: a sentence of its own, under a code by which a leader's instruction names it."""

    code: str
    group: Group


def some(zh: str, en: str) -> Clause:
    """A clause that is left out where there is nothing of what it counts."""
    return Clause(zh, en, zero=False)


def choose(pair: Pair, language: str) -> str:
    """The one of the language."""
    return pair[1] if language == "en" else pair[0]


def agreed(words: str, number: object) -> str:
    """The words with singular or plural by the number before them."""
    return AGREEING.sub(lambda found: found[1] if number == 1 else found[2], words)


def numbered(one: Clause, language: str, number: int, **names: str) -> str:
    """A clause about a number that is no metric."""
    return agreed(one.pattern(language), number).format(number=number, **names)


def clauses(group: Group) -> Iterator[Clause]:
    """All clauses of a group, however deep."""
    for part in group.parts:
        if isinstance(part, Clause):
            yield part
        else:
            yield from clauses(part)
