"""What a cell of quantified goals promises, item by item: 每年组织招聘会2场，推送岗位约500个. 量化目标识读."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ...core.figures.reading import BadFigure, ReadFigure, read_figure

ITEM = re.compile(r"[，；;。\n]+|,(?!\d{3})")
SIGN = r"(?:约|近|至少|不少于|不低于|不超过|超过|超|逾|达)?"
NUMBER = r"[0-9０-９][0-9０-９,，.]*\s*[十百千万亿]*"
REST = r"(?:余|多|\+|＋)?\s*(?:家次|人次|场次|[家个人名位场次份项所条%％])?\s*(?:\+|以上|左右|以内)?"
FIGURE = re.compile(rf"(?P<what>.*?)(?P<figure>{SIGN}\s*{NUMBER}{REST})(?P<tail>.*)", re.DOTALL)
LEAD = re.compile(r"^(?:每年|年均|全年|每学期|协议期内)?(?:组织|举办|开展|推送|提供|接收|接纳|引进|安排)?")


@dataclass(frozen=True)
class Promise:
    """One item: what is promised, and how much of it."""

    what: str
    figure: ReadFigure


@lru_cache(1_000)
def promises_in(text: str) -> tuple[Promise, ...]:
    """The items that name a number; words without one are content, not a commitment."""
    return tuple(_promises(text))


def _promises(text: str) -> Iterator[Promise]:
    for item in ITEM.split(text):
        match = FIGURE.fullmatch(item.strip())
        if match is None:
            continue
        try:
            read = read_figure(match["figure"].strip())
        except BadFigure:
            continue
        yield Promise(LEAD.sub("", match["what"].strip()) or match["tail"].strip(), read)
