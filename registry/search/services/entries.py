"""An entry from what a record says of itself. 条目内容."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ..sources.base import Found, Party, Source
from ..sources.organisations import Names, lines_of, names_of
from ..tokens import folded

Entry = dict[str, Any]
SHOWN = 6  # parties that a hit names
BETWEEN = "、", ", "
MORE = "…"


def entries_of(source: Source, ids: Collection[int]) -> dict[int, Entry]:
    """What the entries of these records have to say now, by the records' numbers; none for what is not to be found."""
    found = list(source.read(ids))
    named = {party.organisation_id for one in found for party in one.parties if party.organisation_id}
    names = names_of(named) if named else {}
    return {one.record_id: _entry(source.kind, one, names) for one in found}


def _entry(kind: str, found: Found, names: Mapping[int, Names]) -> Entry:
    zh, en = found.place or _shown(found.parties, names)
    head = [folded(text) for text in (*found.numbers, found.title_zh, found.title_en, *found.words)]
    titles = lines_of((found.title_zh, *found.words))
    body = [line for party in found.parties for line in _lines(party, names)]
    return {
        "kind": kind,
        "record_id": found.record_id,
        "public_id": found.public_id,
        "sort_on": found.sort_on,
        "state": found.state,
        "title_zh": found.title_zh,
        "title_en": found.title_en,
        "number": " · ".join(found.numbers),
        "parties_zh": zh,
        "parties_en": en,
        "is_demo": found.is_demo,
        "head": _text(head),
        "body": _text(line for line in (*body, *titles) if line not in head),
        "facets": _facets(found),
    }


def _text(lines: Iterable[str]) -> str:
    """Each line once, with a line end before and after: a whole line can be looked for."""
    return "\n" + "".join(f"{line}\n" for line in dict.fromkeys(lines) if line)


def _lines(party: Party, names: Mapping[int, Names]) -> list[str]:
    known = names.get(party.organisation_id or 0)
    return [*lines_of((party.name,)), *(known.lines if known else ())]


def _shown(parties: tuple[Party, ...], names: Mapping[int, Names]) -> tuple[str, str]:
    called = dict.fromkeys(_called(party, names.get(party.organisation_id or 0)) for party in parties)
    both = [one for one in called if one[0]]
    more = [MORE] if len(both) > SHOWN else []
    zh, en = ([one[language] for one in both[:SHOWN]] + more for language in (0, 1))
    return BETWEEN[0].join(zh), BETWEEN[1].join(en)


def _called(party: Party, known: Names | None) -> tuple[str, str]:
    """As the paper says, else as it is called today."""
    zh = party.name or (known.zh if known else "")
    return zh, (known.en if known else "") or zh


def _facets(found: Found) -> str:
    readers = [f"o{number}" for number in sorted(found.readers)]
    named = sorted({party.organisation_id for party in found.parties if party.organisation_id})
    return f" {' '.join([*readers, *(f'p{number}' for number in named)])} "
