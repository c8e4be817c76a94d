"""What the parties of a content are called: 甲方, 乙方… and several founders together 甲方."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.i18n import Either
from ..models.enums import PartyRole
from .numerals import letter, party_zh, plain

Party = Mapping[str, Any]
WITNESS = Either("见证方", "Witness")
EVERYBODY = {True: Either("双方", "Both parties"), False: Either("各方", "All parties")}
OTHER_OBLIGORS = {
    "others": Either("其他各方", "The other parties"),
    "chair": Either("轮值方", "The chair"),
    "station": Either("工作站", "The station"),
}


@dataclass(frozen=True)
class Side:
    """One or several parties that the text calls by one name; `code` is A, B…"""

    code: str
    label: Either
    parties: tuple[Party, ...]


def signing(parties: Sequence[Party]) -> list[Party]:
    """The parties without witnesses."""
    return [party for party in parties if party["role"] != PartyRole.WITNESS]


def sides(parties: Sequence[Party], *, last_is_b: bool) -> tuple[Side, ...]:
    """The sides of an agreement; with `last_is_b` all but the last party are 甲方 together.

    Otherwise a party is called by its position, which it keeps when another one leaves; witnesses are not counted.
    """
    bound = signing(parties)
    if not last_is_b:
        return tuple(_side(_number(party, parties), (party,)) for party in bound)
    groups = [bound[:-1], bound[-1:]] if len(bound) > 2 else [[party] for party in bound]
    return tuple(_side(number, tuple(group)) for number, group in enumerate(groups, start=1))


def _number(party: Party, parties: Sequence[Party]) -> int:
    position: int = party["position"]
    before = [one for one in parties if one["role"] == PartyRole.WITNESS and one["position"] < position]
    return position - len(before)


def _side(number: int, parties: tuple[Party, ...]) -> Side:
    return Side(letter(number), Either(party_zh(number), f"Party {letter(number)}"), parties)


def titles(parties: Sequence[Party], *, last_is_b: bool) -> dict[int, Either]:
    """What each party is called on paper, by position: 甲方; 甲方（一） where several are 甲方; 见证方."""
    found = {party["position"]: WITNESS for party in parties}
    for side in sides(parties, last_is_b=last_is_b):
        for number, party in enumerate(side.parties, start=1):
            found[party["position"]] = side.label if len(side.parties) == 1 else _member(side.label, number)
    return found


def _member(label: Either, number: int) -> Either:
    return Either(f"{label.zh}（{plain(number)}）", f"{label.english} ({number})")


def obligors(parties: Sequence[Party], *, last_is_b: bool) -> dict[str, Either]:
    """Who may be responsible for a commitment, by code."""
    found = sides(parties, last_is_b=last_is_b)
    return {side.code: side.label for side in found} | {"all": EVERYBODY[len(found) <= 2]} | OTHER_OBLIGORS
