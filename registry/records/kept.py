"""Figures of which a package above keeps the sums: a page asks here before it adds up its records. 汇总优先.

Whoever keeps sums answers with `answers`; the page asks by name, with the reader and the filter of the list. None: no
sum is kept of just this, and the page adds up. Both come to the same, which is for the tests of the answer to show.
"""

from collections.abc import Callable
from typing import Any

from ..core.access.decision import Actor

Answer = Callable[[Actor, Any], Any]
_answers: dict[str, Answer] = {}


def answers(name: str) -> Callable[[Answer], Answer]:
    """Mark a function that answers from sums, or with None where it cannot."""

    def mark(function: Answer) -> Answer:
        _answers[name] = function
        return function

    return mark


def ask(name: str, actor: Actor, wanted: Any) -> Any:
    """What the sums say of a filter; None where nobody keeps them."""
    answer = _answers.get(name)
    return answer(actor, wanted) if answer else None
