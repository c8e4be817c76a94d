"""Words that ledgers of visits use for codes, and those that they are printed with. 走访台账用语."""

from collections.abc import Mapping
from typing import Any

from ...core.i18n import Message
from ...visits import words
from ...visits.enums import DIRECTIONS, INTENTIONS, LEVELS, NATURES, RATINGS
from ..reading.cells import words_of

MODES = {"实地": "go_out", "实地走访": "go_out", "走出去": "go_out", "请进来": "invite_in", "线上": "online",
         "电话": "online", "视频": "online", "问卷": "online"}  # fmt: skip


def _known(given: Mapping[str, Any], labels: Mapping[Any, Message]) -> dict[str, str]:
    """Words of the ledger, codes and English labels alike."""
    english = [(label.english, str(code)) for code, label in labels.items()]
    codes = [(str(code), str(code)) for code in labels]
    return words_of(*((word, str(code)) for word, code in given.items()), *codes, *english)


WORDS = {
    "mode": _known(MODES, DIRECTIONS),
    "nature": _known(words.NATURE_WORDS, NATURES),
    "lead_level": _known(words.LEVEL_WORDS, LEVELS),
    "intentions": _known(words.INTENTION_WORDS, INTENTIONS),
    "rating": _known(words.RATING_WORDS, RATINGS),
}
SHOWN = {
    "mode": {"go_out": "实地走访", "invite_in": "请进来", "online": "线上"},
    "nature": {str(code): word for word, code in reversed(words.NATURE_WORDS.items())} | {"39": "民营企业"},
    "lead_level": {str(code): word for word, code in reversed(words.LEVEL_WORDS.items())},
    "intentions": {str(code): word for word, code in reversed(words.INTENTION_WORDS.items())},
    "rating": {str(code): word for word, code in reversed(words.RATING_WORDS.items())},
}
