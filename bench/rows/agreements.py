"""Agreements: parties, who sees them, their revisions, and how they stood on every day.

Signed ones are historic records, whose terms are those of `content.of_record`; one in five in force was changed since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from registry.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementPeriod,
    AgreementRevision,
    AgreementVisibility,
)
from registry.core.dates import SHANGHAI, now

from .cast import Cast
from .writing import Row, Rows, repeated

TERM = 1_826
CHANGED = 5  # every such agreement in force has a second revision
PARTS = ("校地合作", "人才培养", "就业服务", "实习实训", "科技成果转化", "毕业生招聘", "产学研", "人才引进", "见习基地")
FORMS = {
    "framework": "框架协议",
    "strategic": "战略合作协议",
    "school_locality": "合作协议",
    "letter_of_intent": "意向书",
}
STATES = repeated({"in_force": 16, "draft": 2, "closed": 2, "signed": 1, "suspended": 1, "void": 1})
UNSIGNED = ("draft", "void")
ONE_DAY = timedelta(days=1)
NOON = time(12)
STAGES = {"draft": "draft", "void": "set_aside"}


@dataclass(frozen=True)
class Made:
    """An agreement of which other rows speak."""

    row: Row
    parties: Sequence[int]

    @property
    def is_in_force(self) -> bool:
        """Whether its promises are running."""
        return bool(self.row["status"] == "in_force")


def agreements(first: int, size: int, cast: Cast) -> list[Made]:
    """So many agreements, two to five parties each."""
    return [_made(number, cast) for number in range(first, first + size)]


def _made(number: int, cast: Cast) -> Made:
    owner, school = cast.sides()
    others = cast.dice.sample(cast.enterprises, cast.dice.choice((0, 0, 0, 1, 3)))
    return Made(_agreement(number, owner, school, cast), list(dict.fromkeys((owner, school, *others))))


def _agreement(number: int, owner: int, school: int, cast: Cast) -> Row:
    kind, form = cast.dice.choice(list(FORMS.items()))
    day, place = cast.day(), cast.dice.choice(("", "沈阳市"))
    status = cast.dice.choice(STATES)
    is_signed, ended = status not in UNSIGNED, day + timedelta(days=TERM) < cast.now
    if is_signed and ended:
        status = "closed"  # as the daily run would have left it
    begins = max(day, cast.now + timedelta(days=10)) if status == "signed" else day
    ends = begins + timedelta(days=TERM)
    title = f"{cast.called(owner)[:3]}与{cast.called(school)}{cast.dice.choice(PARTS)}{form}"
    row: Row = {
        "id": number,
        "kind": kind,
        "status": status,
        "title_zh": title,
        "owner_id": owner,
        "handler_id": cast.handlers[owner],
        "created_at": datetime.combine(day, NOON, SHANGHAI),
        "sort_on": day,
        "shared": status != "draft",
        "is_demo": True,
        "is_historic": is_signed,
        "signing_place": place,
        "needs_details": status in ("in_force", "signed", "suspended") and not place,
        "void_reason": "不再签署" if status == "void" else "",
    }
    dates = _signed(number, day, begins, ends) if is_signed else _signed(number, None, None, None)
    return row | dates | _ending(status, ends, is_over=ended, cast=cast)


def _signed(number: int, day: date | None, begins: date | None, ends: date | None) -> Row:
    return {
        "number": f"例校地协〔{day.year}〕{number}号" if day else None,
        "signed_on": day,
        "signed_precision": "day" if day else "unknown",
        "effective_on": begins,
        "expires_on": ends,
    }


def _ending(status: str, ends: date, *, is_over: bool, cast: Cast) -> Row:
    """Run out, or ended by word of the parties before that."""
    if status != "closed":
        return {"outcome": None, "closed_on": None, "closing_reason": ""}
    if is_over:
        return {"outcome": "expired", "closed_on": ends + ONE_DAY, "closing_reason": ""}
    begun = ends - timedelta(days=TERM)
    return {"outcome": "terminated", "closed_on": begun + (cast.now - begun) / 2, "closing_reason": "双方协商一致"}


def rows(made: Sequence[Made], cast: Cast) -> Rows:
    """What hangs on these agreements."""
    for one in made:
        number, row = one.row["id"], one.row
        yield Agreement, row
        for position, party in enumerate(one.parties, start=1):
            yield AgreementParty, {"agreement_id": number, "position": position, "organisation_id": party}
        sides = set(one.parties if row["shared"] else [row["owner_id"]])
        for reader in sorted(sides.union(*(cast.above.get(side, frozenset()) for side in sides))):
            seen = {"agreement_id": number, "organisation_id": reader}
            yield AgreementVisibility, {**seen, "sort_on": row["sort_on"], "status": row["status"]}
        yield from _texts(one, cast)


def _texts(one: Made, cast: Cast) -> Rows:
    """The text, the one that followed it, and on which days which of them held."""
    row, status = one.row, one.row["status"]
    text = _revision(one, 1, STAGES.get(status, "effective"), cast)
    if one.is_in_force and row["id"] % CHANGED == 0 and row["effective_on"] + ONE_DAY < cast.now:
        turned = row["effective_on"] + (cast.now - row["effective_on"]) / 2
        yield AgreementRevision, text | {"stage": "superseded", "superseded_on": turned}
        yield AgreementRevision, _revision(one, 2, "effective", cast) | {"effective_on": turned, "signed_on": turned}
    else:
        turned = None
        yield AgreementRevision, text
    yield from ((AgreementPeriod, span) for span in _spans(one, turned, cast))


def _revision(one: Made, no: int, stage: str, cast: Cast) -> Row:
    number = one.row["id"] * 2 - 1
    is_over = stage == "set_aside"
    return {
        "id": number + no - 1,
        "agreement_id": one.row["id"],
        "no": no,
        "kind": "original" if no == 1 else "amendment",
        "stage": stage,
        "base_id": None if no == 1 else number,
        "content": _content(one, cast),
        "signed_on": one.row["signed_on"],
        "effective_on": one.row["effective_on"],
        "superseded_on": None,
        "closed_at": now() if is_over else None,
        "closed_reason": "不再签署" if is_over else "",
    }


def _content(one: Made, cast: Cast) -> Row:
    """As `content.of_record` puts it."""
    row = one.row
    expires = row["expires_on"]
    parties = [
        {"position": number, "role": "party", "organisation": None, "name": cast.called(party), "department": ""}
        for number, party in enumerate(one.parties, start=1)
    ]
    return {
        "format": 1, "template": None, "template_version": None, "kind": row["kind"], "title_zh": row["title_zh"],
        "title_en": "", "language": "zh", "parties": parties, "variables": {}, "articles": [], "commitments": [],
        "term": {
            "months": None, "expires_on": expires.isoformat() if expires else None, "planned_effective_on": None,
            "open_ended": False,
        },
        "copies": {"total": None, "each": None}, "signing_place": row["signing_place"], "has_funding": False,
        "number": row["number"],
    }  # fmt: skip


def _spans(one: Made, turned: date | None, cast: Cast) -> Iterator[Row]:
    """In force from its first day on, by the second text since it held; suspended or closed since its day."""
    row, first = one.row, one.row["id"] * 2 - 1
    if row["status"] == "signed":
        yield _span(row, row["signed_on"], None, "signed", first)
    if row["status"] not in ("in_force", "suspended", "closed"):
        return
    begins, ends = row["effective_on"], row["closed_on"]
    if row["status"] == "suspended":
        ends = begins + (cast.now - begins) / 2
    middle = turned or ends
    yield _span(row, begins, middle, "in_force", first)
    if turned:
        yield _span(row, turned, None, "in_force", first + 1)
    elif ends:
        yield _span(row, ends, None, row["status"], first)


def _span(row: Row, begins: date, until: date | None, status: str, revision: int) -> Row:
    is_closed = status == "closed"
    return {
        "agreement_id": row["id"],
        "from_on": begins,
        "until_on": until,
        "status": status,
        "outcome": row["outcome"] if is_closed else None,
        "revision_id": revision,
        "title_zh": row["title_zh"],
        "effective_on": row["effective_on"],
        "expires_on": row["expires_on"],
    }
