"""Titles in lines of like length: by GB/T 9704-2012 no word of a title is split, its lines well shaped. 标题换行."""

from textwrap import wrap

CHINESE_LINE = 19.5  # em of 22 pt in 156 mm, less a little
ENGLISH_LINE = 42  # letters of 17 pt bold in 156 mm
REACH = 4  # how far from the middle a better place to break is looked for
AFTER = "与、和及：—"
NEVER_FIRST = "、，。；：）》〕”’·"


def chinese_lines(title: str) -> list[str]:
    """The title in as few lines as it needs, broken after 与 or 、 where one is near."""
    lines = []
    for left in range(-int(-_width(title) // CHINESE_LINE), 1, -1):
        if not title:  # what cannot be broken was taken whole
            break
        place = _place(title, _width(title) / left)
        lines.append(title[:place])
        title = title[place:]
    return [line for line in (*lines, title) if line] or [""]


def english_lines(title: str, longest: int = ENGLISH_LINE) -> list[str]:
    """The title in as few lines of at most `longest` letters as it needs, none much longer than the others."""
    most = max(1, len(wrap(title, longest)))
    width = max(1, -(-len(title) // most))
    while len(wrap(title, width)) > most:
        width += 1
    return wrap(title, width) or [""]


def _width(text: str) -> float:
    return sum(0.55 if sign.isascii() else 1 for sign in text)


def _place(title: str, wanted: float) -> int:
    """Where to break so that the line is about `wanted` em wide; never inside a Latin word."""
    places = [place for place in range(1, len(title)) if _may_break(title, place)]
    fitting = [place for place in places if _width(title[:place]) <= CHINESE_LINE] or [len(title)]
    distance = {place: abs(_width(title[:place]) - wanted) for place in fitting}
    good = [place for place in fitting if title[place - 1] in AFTER and distance[place] <= REACH]
    return min(good or fitting, key=distance.__getitem__)


def _may_break(title: str, place: int) -> bool:
    before, after = title[place - 1], title[place]
    return after not in NEVER_FIRST and not (before.isascii() and after.isascii() and after != " ")
