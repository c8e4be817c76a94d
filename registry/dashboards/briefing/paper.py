"""A briefing on paper: what the PDF is printed from, what Word templates are filled with. 专报成文."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from ...core.figures.kinds import Unit
from ...documents.briefing_sheet import AnnexTable, BriefingSheet, Paragraph, Run
from ...documents.briefing_sheet import Note as SheetNote
from ...documents.data import Table
from . import wording
from .content import Annex, Content, Item, Note, Piece, Section, Texts, annex_title, content, shown
from .kept import Kept, KeptFigure, dump
from .patterns import Pair, choose

TYPE_AREA = 156  # mm
NARROW = {"no": 12, "day": 26, "number": 44, "who": 40, "note": 18, "name": 42}
Addresses = Mapping[tuple[str, str], str]  # of records by kind and public id, of metrics by ("metric", code)


def sheet(said: Content, addresses: Addresses, record: bytes, *, picture: bytes = b"", mark: str = "") -> BriefingSheet:
    """What the PDF is printed from. `addresses` lead from figures and notes to their records."""
    language = said.language
    return BriefingSheet(
        title=said.title,
        subtitle=said.subtitle,
        paragraphs=tuple(_paragraph(one, addresses, language) for one in said.sections),
        made_at=datetime.combine(said.as_of, time(), UTC),
        record=record,
        language=language,
        remarks=said.remarks,
        notes=tuple(_note(one, addresses) for one in said.notes),
        foot=_foot(said),
        signed_on=wording.said_day(said.as_of, language),
        annexes=tuple(_table(one) for one in said.annexes),
        picture=picture,
        picture_title=choose(wording.CHART, language),
        watermark=mark,
    )  # fmt: skip


def _paragraph(section: Section, addresses: Addresses, language: str) -> Paragraph:
    runs = tuple(_run(piece, addresses) for item in _spaced(section, language) for piece in item.pieces)
    return Paragraph(section.heading, runs)


def _run(piece: Piece, addresses: Addresses) -> Run:
    return Run(piece.text, piece.mark, addresses.get(("metric", piece.code), "") if piece.code else "")


def _spaced(section: Section, language: str) -> list[Item]:
    """What people wrote, numbered where there are several, then what the figures say; English sentences stand apart."""
    several = len(section.lines) > 1
    form = choose(("（{}）", "({}) "), language)
    lines = [_numbered(form.format(at), one) if several else one for at, one in enumerate(section.lines, start=1)]
    items = [*lines, *section.items]
    if language != "en":
        return items
    return [Item(one.code, (*one.pieces, Piece(" "))) for one in items[:-1]] + items[-1:]


def _numbered(number: str, item: Item) -> Item:
    return Item(item.code, (Piece(number), *item.pieces))


def _note(note: Note, addresses: Addresses) -> SheetNote:
    where = ("metric", note.code) if note.code else (note.kind, note.public_id)
    return SheetNote(note.mark, note.text, addresses.get(where, ""))


def _foot(said: Content) -> tuple[tuple[str, str], ...]:
    named = (("annexes", _annex_names(said)), ("report_to", said.texts.report_to), ("author", said.texts.author))
    return tuple((choose(wording.LABELS[label], said.language), text) for label, text in named if text)


def _annex_names(said: Content) -> str:
    names = [annex_title(one.code, said.language, wording.ANNEX_SHORT) for one in said.annexes]
    return choose(("　", "; "), said.language).join(names)


def _table(annex: Annex) -> AnnexTable:
    rows = tuple(tuple(row.cells[name] for name, _heading in annex.columns) for row in annex.rows)
    return AnnexTable(annex.title, Table(tuple(heading for _name, heading in annex.columns), rows), annex.more)


def word_values(said: Content, kept: Kept, *, has_chart: bool = False, mark: str = "") -> dict[str, Any]:
    """What a Word template may name; texts and lists of mappings of texts."""
    language = said.language
    annexes = {one.code: one for one in said.annexes}
    values: dict[str, Any] = {
        "title": said.title,
        "subtitle": said.subtitle,
        "period": wording.said_month(kept.month, language),
        "as_of": wording.said_day(kept.as_of, language),
        "scope": kept.scope_en if language == "en" else kept.scope_zh,
        "organisation": kept.name_en if language == "en" and kept.name_en else kept.name_zh,
        "drawn_later": "\n".join(said.remarks),
        "sections": [_section(one, language) for one in said.sections],
        "notes": [{"mark": one.mark, "text": one.text} for one in said.notes],
        "author": said.texts.author,
        "report_to": said.texts.report_to,
        "annexes": _annex_names(said),
        "signed_on": wording.said_day(said.as_of, language),
        "mark": mark,
        "figure": figures_in_words(kept, language),
    }
    values |= {} if has_chart else {"chart": ""}
    for code in wording.ANNEXES:
        found = annexes.get(code)
        values[code] = [dict(row.cells) for row in found.rows] if found else []
        values[f"{code}_more"] = found.more if found else ""
    return values


def figures_in_words(kept: Kept, language: str) -> dict[str, str]:
    """Every figure by its code, with sign and unit: `{{ figure.agreements_signed }}`; a dash for what nobody reported.

    A share is there as its percentage, and as `…_of` in so many of so many.
    """
    found: dict[str, str] = {}
    for code in wording.codes():
        figure = kept.figures.get(code, KeptFigure())
        is_share = figure.unit is Unit.PERCENT
        found[code] = shown(figure, "share" if is_share else "", language)
        if is_share and figure.denominator is not None:
            found[f"{code}_of"] = f"{figure.numerator}/{figure.denominator}"
    return found


def _section(section: Section, language: str) -> dict[str, str]:
    text = "".join(_marked(item) for item in _spaced(section, language))
    return {"code": section.code, "heading": section.heading + (" " if language == "en" else ""), "text": text}


def _marked(item: Item) -> str:
    """With the signs of notes, which Word has no other way to show here."""
    return "".join(piece.text + piece.mark for piece in item.pieces)


def _widths(columns: Sequence[tuple[str, Pair]]) -> Iterator[tuple[tuple[str, Pair], int]]:
    """Each column with its width in mm: what is short takes little, and titles the rest."""
    rest = [name for name, _heading in columns if name not in NARROW]
    left = TYPE_AREA - sum(NARROW.get(name, 0) for name, _heading in columns)
    for name, heading in columns:
        yield (name, heading), NARROW.get(name) or left // len(rest)


def house_words(language: str) -> dict[str, Any]:
    """What the house's own Word template says in a language."""
    tables = [
        {
            "name": code,
            "title": annex_title(code, language),
            "columns": [[choose(heading, language), name, width] for (name, heading), width in _widths(columns)],
        }
        for code, (_title, columns) in wording.ANNEXES.items()
    ]
    foot = [
        "{%p if annexes %}",
        f"{choose(wording.LABELS['annexes'], language)}{{{{ annexes }}}}",
        "{%p endif %}",
        f"{choose(wording.LABELS['report_to'], language)}{{{{ report_to }}}}",
        f"{choose(wording.LABELS['author'], language)}{{{{ author }}}}",
    ]
    return {
        "title_size": 18 if language == "en" else 22,
        "tables": tables,
        "foot": foot,
        "chart": choose(wording.CHART, language),
    }


def record_of(kept: Kept, said: Content) -> bytes:
    """The figures and the words for machines, as the PDF carries them."""
    words = {section.code: [item.text for item in (*section.items, *section.lines)] for section in said.sections}
    return json.dumps({"figures": json.loads(dump(kept)), "text": words}, ensure_ascii=False, sort_keys=True).encode()


def sample(kept: Kept, language: str) -> dict[str, Any]:
    """Values to try a template with: every field that exists is there."""
    return word_values(content(kept, language, Texts()), kept)
