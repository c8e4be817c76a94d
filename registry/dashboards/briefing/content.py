"""From figures to what a briefing says: parts, items, notes, tables. Pure: the same figures say the same. 专报内容."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from ...core.figures.checks import share
from ...core.figures.kinds import Number, Qualifier, Unit
from ...core.figures.showing import DASH, figure_text
from . import wording
from .kept import Kept, KeptActivity, KeptCount, KeptFigure, KeptLocality, KeptRecord
from .patterns import FIELD, WORDS, Clause, Group, Pair, Said, agreed, choose, numbered

MOST_NAMED = 20  # agreements in the note of what was signed
MOST_ACTIVITIES = 6
MOST_COUNTS = 6
MOST_ROWS = 30
PERCENT = Unit.PERCENT
LANGUAGE = {"zh": 0, "en": 1}


@dataclass(frozen=True)
class Piece:
    """Words of an item; `code` is the metric of a figure, `mark` the sign of the note that it leads to."""

    text: str
    code: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Item:
    """A sentence of its own, which a leader may write an instruction on. A record is named by kind and public id."""

    code: str
    pieces: tuple[Piece, ...]
    kind: str = ""
    public_id: str = ""

    @property
    def text(self) -> str:
        """What it says, without signs of notes."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Section:
    """A part: `lines` are what a person wrote there, one an item."""

    code: str
    heading: str
    items: tuple[Item, ...] = ()
    lines: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Note:
    """What a mark leads to: the metric whose list it is, or the record."""

    mark: str
    text: str
    code: str = ""
    kind: str = ""
    public_id: str = ""


@dataclass(frozen=True)
class Row:
    """A row of an annex by its fields; the record that it is about, if it is about one."""

    cells: Mapping[str, str]
    kind: str = ""
    public_id: str = ""


@dataclass(frozen=True)
class Annex:
    """A table behind the text: columns as pairs of field and heading."""

    code: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    more: str = ""


@dataclass(frozen=True)
class Texts:
    """What people may change: parts three and four, one line an item, and who draws it up for whom."""

    problems: str = ""
    next_steps: str = ""
    author: str = ""
    report_to: str = ""


Point = tuple[int, Number | None, Number | None]  # of the chart: month, newly signed, in force


@dataclass(frozen=True)
class Content:
    """A briefing in one language, whatever it is printed on."""

    language: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    annexes: tuple[Annex, ...]
    texts: Texts
    as_of: date
    remarks: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()

    @property
    def items(self) -> Iterator[Item]:
        """Every item of every part."""
        for section in self.sections:
            yield from section.items
            yield from section.lines


@dataclass
class _Marks:
    """Signs of notes, given out in the order in which the text names them."""

    notes: list[Note] = field(default_factory=list)

    def give(self, text: str, **where: str) -> str:
        mark = wording.MARKS[len(self.notes)] if len(self.notes) < len(wording.MARKS) else f"({len(self.notes) + 1})"
        self.notes.append(Note(mark, text, **where))
        return mark


def content(
    kept: Kept,
    language: str,
    texts: Texts,
    corrections: Sequence[tuple[str, str]] = (),
    remarks: Sequence[str] = (),
) -> Content:
    """The briefing. `corrections` to months before are pairs of a code and words; `remarks` stand below the title."""
    marks = _Marks()
    parts = [
        Section("overall", _heading("overall", language), tuple(_said(wording.OVERALL, kept, language, marks))),
        Section("progress", _heading("progress", language), tuple(_progress(kept, language, marks))),
        _written("problems", texts.problems, language, tuple(_said(wording.CONDITION, kept, language, marks))),
        _written("next", texts.next_steps, language),
        _corrected(corrections, language),
    ]
    return Content(
        language,
        title_of(kept, language),
        choose(wording.SUBTITLE, language).format(
            month=wording.said_month(kept.month, language), as_of=wording.said_day(kept.as_of, language)
        ),
        tuple(part for part in parts if part.items or part.lines),
        tuple(marks.notes),
        tuple(_annexes(kept, language)),
        texts,
        kept.as_of,
        tuple(remarks),
        tuple(_points(kept)),
    )


def title_of(kept: Kept, language: str) -> str:
    """全省校地合作工作情况."""
    return choose(wording.TITLE, language).format(scope=_scope(kept, language))


def _scope(kept: Kept, language: str) -> str:
    return kept.scope_en if language == "en" else kept.scope_zh


def _heading(code: str, language: str) -> str:
    return choose(wording.HEADINGS[code], language)


def _said(said: Iterable[Said], kept: Kept, language: str, marks: _Marks) -> Iterator[Item]:
    for one in said:
        pieces = _group(one.group, kept, language)
        if pieces:
            yield Item(one.code, _sentence(_marked(one.code, pieces, kept, language, marks), language))


def _sentence(pieces: Sequence[Piece], language: str) -> tuple[Piece, ...]:
    """An English sentence begins with a capital letter."""
    first = pieces[0]
    text = first.text[:1].upper() + first.text[1:] if language == "en" else first.text
    return (replace(first, text=text), *pieces[1:])


def _group(group: Group, kept: Kept, language: str) -> list[Piece]:
    at = LANGUAGE[language]
    found = [pieces for part in group.parts if (pieces := _part(part, kept, language))]
    if not found:
        return []
    given = {name: _word(name, kept, language) for name in WORDS}
    between = [[], *([Piece(group.between[at])] for _ in found[1:])]
    inner = [piece for before, pieces in zip(between, found, strict=True) for piece in (*before, *pieces)]
    return [Piece(group.opens[at].format(**given)), *inner, Piece(group.closes[at])]


def _part(part: Clause | Group, kept: Kept, language: str) -> list[Piece]:
    return _group(part, kept, language) if isinstance(part, Group) else clause(part, kept, language)


def clause(one: Clause, kept: Kept, language: str) -> list[Piece]:
    """Its words and figures; nothing where a figure is unknown, or nothing where it wants something."""
    figures = [kept.figures.get(code, KeptFigure()) for code in one.codes]
    if any(_counted(figure) is None and figure.value is None for figure in figures):
        return []
    if not one.zero and any(not (_counted(figure) or figure.value) for figure in figures):
        return []
    pieces, last, number = [], 0, None
    pattern = one.pattern(language)
    for found in FIELD.finditer(pattern):
        pieces.append(Piece(agreed(pattern[last : found.start()], number)))
        pieces.append(_place(found[1], found[2] or "", kept, language))
        number = _counted(kept.figures[found[1]]) if found[1] not in WORDS else number
        last = found.end()
    pieces.append(Piece(agreed(pattern[last:], number)))
    return [piece for piece in pieces if piece.text]


def _place(code: str, how: str, kept: Kept, language: str) -> Piece:
    if code in WORDS:
        return Piece(_word(code, kept, language))
    return Piece(shown(kept.figures[code], how, language), code)


def _word(name: str, kept: Kept, language: str) -> str:
    if name == "scope":
        return _scope(kept, language)
    return wording.said_day(kept.as_of, language) if name == "as_of" else wording.said_month(kept.month, language)


def _counted(figure: KeptFigure) -> Number | None:
    return figure.numerator if figure.numerator is not None else figure.value


def shown(figure: KeptFigure, how: str, language: str) -> str:
    """A figure with its sign and unit. `how`: n without the unit, of the whole of a share, share its percentage."""
    if figure.capped:
        figure = replace(figure, qualifier=Qualifier.AT_LEAST)
    if how == "of":
        return DASH if figure.denominator is None else f"{figure.denominator:,}"
    if how == "share":
        part = share(figure.numerator, figure.denominator)
        percent = part if part is not None else figure.value
        return figure_text(replace(figure, value=_tenth(percent), unit=PERCENT), language)
    if figure.numerator is not None:
        return figure_text(replace(figure, value=figure.numerator, unit=None), language)
    return figure_text(replace(figure, unit=None) if how == "n" else figure, language)


def _tenth(value: Number | None) -> Number | None:
    return None if value is None else round(Decimal(value), 1)


def _marked(code: str, pieces: Sequence[Piece], kept: Kept, language: str, marks: _Marks) -> list[Piece]:
    """What was signed leads to the numbers of the agreements."""
    if code != "signed" or not kept.signed:
        return list(pieces)
    names = choose(wording.COMMA, language).join(_named(one, language) for one in kept.signed[:MOST_NAMED])
    total = kept.totals.get("signed", len(kept.signed))
    more = choose(wording.AND_MORE, language).format(number=total) if total > min(len(kept.signed), MOST_NAMED) else ""
    text = choose(wording.SIGNED_NOTE, language).format(names=names, more=more)
    mark = marks.give(text, code="agreements_signed")
    return [replace(piece, mark=mark) if piece.code == "agreements_signed" else piece for piece in pieces]


def _named(record: KeptRecord, language: str) -> str:
    """By its number, else by its title without what stands in brackets behind it."""
    return record.number or re.split(r"[（(]", _title(record, language))[0].strip()


def _title(record: KeptRecord | KeptActivity, language: str) -> str:
    return (record.title_en if language == "en" else "") or record.title_zh


def _progress(kept: Kept, language: str, marks: _Marks) -> Iterator[Item]:
    yield from _said(wording.PROGRESS[:1], kept, language, marks)
    for one in kept.activities[:MOST_ACTIVITIES]:
        yield _activity(one, language, marks)
    yield from _said(wording.PROGRESS[1:], kept, language, marks)


def _activity(one: KeptActivity, language: str, marks: _Marks) -> Item:
    """One activity with its figures as they were reported: 近100项 stays 近100项, a plan stays a plan."""
    where = {"kind": "activity", "public_id": one.public_id}
    mark = marks.give(choose(wording.ACTIVITY_NOTE, language), **where)
    counts = [_count(each, language) for each in one.counts[:MOST_COUNTS]]
    day = _day(one.day, language)
    if language == "en":
        text = f"{'On ' + day + ', ' if day else ''}{_title(one, language)}"
        tail = f" ({'; '.join(counts)})." if counts else "."
    else:
        text = f"{day}“{one.title_zh}”" if day else f"“{one.title_zh}”"
        tail = f"：{'、'.join(counts)}。" if counts else "。"
    return Item(f"activity:{one.public_id}", (Piece(text, mark=mark), Piece(tail)), **where)


def _count(one: KeptCount, language: str) -> str:
    label = (one.label_en if language == "en" else "") or one.label_zh
    return f"{label}{': ' if language == 'en' else ''}{figure_text(one.figure, language)}"


def _day(text: str, language: str) -> str:
    """A day, a month or a year as it is known: 2023-05-26, 2023-05, 2023; nothing where it is not."""
    parts = [int(part) for part in text.split("-")] if text else []
    if len(parts) == 3:
        return wording.said_day(date(*parts), language)
    if len(parts) == 2:
        return wording.said_month(parts[0] * 100 + parts[1], language)
    return (f"{parts[0]}" if language == "en" else f"{parts[0]}年") if parts else ""


def _written(code: str, text: str, language: str, items: tuple[Item, ...] = ()) -> Section:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    written = tuple(Item(f"{code}:{number}", (Piece(line),)) for number, line in enumerate(lines, start=1))
    return Section(code, _heading(code, language), items, written)


def _corrected(corrections: Sequence[tuple[str, str]], language: str) -> Section:
    items = tuple(Item(f"correction:{code}", (Piece(text),)) for code, text in corrections)
    return Section("corrections", _heading("corrections", language), items)


def proposed_problems(kept: Kept, language: str) -> str:
    """What the registry would write under part three, a line for each problem that the figures show."""
    lines = list(_proposed(wording.PROBLEMS, kept, language))
    empty = [one for one in kept.localities if _counted(one.figures.get("agreements_in_force", KeptFigure())) == 0]
    if empty and len(empty) < len(kept.localities):
        names = choose(wording.COMMA, language).join(_place_name(one, language) for one in empty)
        lines.append(numbered(wording.UNREACHED, language, len(empty), names=names))
    doubtful = sum(one.doubtful for one in kept.figures.values())
    if doubtful:
        lines.append(numbered(wording.DOUBTFUL, language, doubtful))
    return "\n".join(lines)


def proposed_steps(kept: Kept, language: str) -> str:
    """What the registry would write under part four."""
    return "\n".join(_proposed(wording.NEXT, kept, language))


def _proposed(found: Iterable[Clause], kept: Kept, language: str) -> Iterator[str]:
    for one in found:
        text = "".join(piece.text for piece in clause(one, kept, language))
        if text:
            yield text


def _place_name(one: KeptLocality, language: str) -> str:
    return one.name_en if language == "en" else one.name_zh


def _annexes(kept: Kept, language: str) -> Iterator[Annex]:
    if len(kept.localities) > 1:
        yield _annex("localities", [_locality(one, language) for one in kept.localities], "", language)
    for code in ("expiring", "red", "instructions"):
        records: Sequence[KeptRecord] = getattr(kept, code)
        rows = [_row(number, one, language) for number, one in zip(count(1), records[:MOST_ROWS], strict=False)]
        total = kept.totals.get(code, len(records))
        if rows:
            more = choose(wording.MORE_ROWS, language).format(total=total, shown=len(rows)) if total > len(rows) else ""
            yield _annex(code, rows, more, language)


def _annex(code: str, rows: Sequence[Row], more: str, language: str) -> Annex:
    named = tuple((name, choose(heading, language)) for name, heading in wording.ANNEXES[code][1])
    return Annex(code, annex_title(code, language), named, tuple(rows), more)


def annex_title(code: str, language: str, form: Pair = wording.ANNEX) -> str:
    """附表1　各地区协议和任务情况; the numbers are the template's, whichever tables there are."""
    number = list(wording.ANNEXES).index(code) + 1
    return choose(form, language).format(number=number, title=choose(wording.ANNEXES[code][0], language))


def _locality(one: KeptLocality, language: str) -> Row:
    def cell(code: str, how: str = "n") -> str:
        return shown(one.figures.get(code, KeptFigure()), how, language)

    cells = {
        "name": _place_name(one, language),
        "in_force": cell("agreements_in_force"),
        "signed": cell("agreements_signed"),
        "due": cell("promises_due"),
        "closed": cell("promises_closed"),
        "rate": cell("fulfilment", "share"),
        "red": cell("lights_red"),
    }
    return Row(cells)


def _row(number: int, one: KeptRecord, language: str) -> Row:
    who, note = (one.who_en, one.note_en) if language == "en" else (one.who_zh, one.note_zh)
    cells = {
        "no": str(number),
        "number": one.number or DASH,
        "title": _title(one, language),
        "day": one.day or DASH,
        "who": who or one.who_zh or DASH,
        "note": note or one.note_zh or DASH,
    }
    return Row(cells, one.kind, one.public_id)


def _points(kept: Kept) -> Iterator[Point]:
    """The months of the chart."""
    in_force = dict(kept.series.get("agreements_in_force", ()))
    for month, figure in kept.series.get("agreements_signed", ()):
        yield month, figure.value, in_force.get(month, KeptFigure()).value


def dump(said: Content) -> str:
    """Canonical JSON of what an issued briefing says, so that it says the same for ever."""
    return json.dumps(asdict(said), default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> Content:
    """Read what `dump` wrote."""
    given = json.loads(text)
    return Content(
        **given
        | {
            "sections": tuple(_section_of(one) for one in given["sections"]),
            "notes": tuple(Note(**one) for one in given["notes"]),
            "annexes": tuple(_annex_of(one) for one in given["annexes"]),
            "texts": Texts(**given["texts"]),
            "as_of": date.fromisoformat(given["as_of"]),
            "remarks": tuple(given["remarks"]),
            "points": tuple((month, signed, held) for month, signed, held in given["points"]),
        }
    )


def _section_of(given: Mapping[str, Any]) -> Section:
    items, lines = (tuple(_item_of(one) for one in given[name]) for name in ("items", "lines"))
    return Section(given["code"], given["heading"], items, lines)


def _item_of(given: Mapping[str, Any]) -> Item:
    return Item(**{**given, "pieces": tuple(Piece(**one) for one in given["pieces"])})


def _annex_of(given: Mapping[str, Any]) -> Annex:
    columns = tuple((name, heading) for name, heading in given["columns"])
    return Annex(**{**given, "columns": columns, "rows": tuple(Row(**one) for one in given["rows"])})
