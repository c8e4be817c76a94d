"""What each kind of change may touch, and the sentence for everything else."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from registry.agreements import changes
from registry.agreements.content import digest
from registry.agreements.inputs import ChangeDetails
from registry.agreements.models import AgreementRevision, PartyRole, RevisionKind
from registry.agreements.participants import CHANGE

from .contents import article, small

Content = dict[str, Any]
Edit = Callable[[Content], Content]
AMENDMENT, CORRECTION, ACCESSION = RevisionKind.AMENDMENT, RevisionKind.CORRECTION, RevisionKind.ACCESSION
WITHDRAWAL, TERMINATION = RevisionKind.WITHDRAWAL, RevisionKind.TERMINATION
NOTHING = "Nothing differs from the terms in force"
BY_THE_WAY = "Parties join or leave by a revision of their own kind, not by an amendment"
NEEDS_AMENDMENT = "A correction puts wording right; this needs an amendment: %(field)s"
STAY = "The present parties stay as they are; whoever joins comes after them"
NOBODY = "Name the party that joins"


def told(kind: RevisionKind, edit: Edit = lambda content: content, **details: object) -> list[str]:
    """What keeps a change of the small content from review."""
    base = AgreementRevision(no=1, content=small())
    given = ChangeDetails(**({"reason": "情况变化"} | details))  # type: ignore[arg-type]  # any field
    content = edit(small()) | {CHANGE: changes.composed(kind, base, given)}
    return [message.key for message in changes.unmet(AgreementRevision(no=2, kind=kind, content=content, base=base))]


def put(**values: object) -> Edit:
    """Other values at the top."""
    return lambda content: content | values


def term(content: Content) -> Content:
    return content | {"term": content["term"] | {"months": 60}}


def commitment(content: Content) -> Content:
    return content | {"commitments": content["commitments"][1:]}


def copies(content: Content) -> Content:
    return content | {"copies": {"total": 6, "each": 3}}


def wording(content: Content) -> Content:
    return content | {"articles": [article("1", "改正的正文"), *content["articles"][1:]]}


def variable(content: Content) -> Content:
    return content | {"variables": content["variables"] | {"key_industries": "钢铁"}}


def party(**values: object) -> Edit:
    """The second party's line is another."""

    def edit(content: Content) -> Content:
        first, second, *others = content["parties"]
        return content | {"parties": [first, second | values, *others]}

    return edit


def joining(content: Content) -> Content:
    line = content["parties"][1] | {"position": 3, "organisation": "01THIRD", "name": "东北大学"}
    return content | {"parties": [*content["parties"], line]}


def leaving(content: Content) -> Content:
    return content | {"parties": content["parties"][:1]}


RENAMED = party(name="西北工业大学（更名后）")
OTHER = party(organisation="01OTHER", name="另一所大学")
WITNESS = party(role=str(PartyRole.WITNESS))
DEPARTMENT = party(department="就业指导中心")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (put(), [NOTHING]),
        (put(title_zh="新名称"), []),
        (put(language="both"), []),
        (term, []),
        (commitment, []),
        (copies, []),
        (wording, []),
        (variable, []),
        (DEPARTMENT, []),
        (RENAMED, []),
        (OTHER, [BY_THE_WAY]),
        (WITNESS, [BY_THE_WAY]),
        (joining, [BY_THE_WAY]),
        (leaving, [BY_THE_WAY]),
    ],
)
def test_an_amendment_changes_anything_but_who_is_bound(edit: Edit, expected: list[str]) -> None:
    assert told(AMENDMENT, edit) == expected


@pytest.mark.parametrize(
    ("edit", "times"),
    [
        (put(title_zh="正确的名称", title_en="Right title"), 0),
        (put(signing_place="鞍山市"), 0),
        (wording, 0),
        (variable, 0),
        (RENAMED, 0),
        (put(has_funding=True), 1),
        (put(kind="strategic"), 1),
        (put(language="both"), 1),
        (term, 1),
        (copies, 2),
        (DEPARTMENT, 1),
        (WITNESS, 1),
        (OTHER, 1),
    ],
)
def test_a_correction_changes_wording_only(edit: Edit, times: int) -> None:
    assert told(CORRECTION, edit) == [NEEDS_AMENDMENT] * times


def test_a_correction_of_nothing_goes_nowhere() -> None:
    assert told(CORRECTION) == [NOTHING]
    assert set(told(CORRECTION, commitment)) == {NEEDS_AMENDMENT}
    assert set(told(CORRECTION, joining)) == {NEEDS_AMENDMENT}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (joining, []),
        (lambda content: RENAMED(joining(term(content))), []),
        (put(), [NOBODY]),
        (term, [NOBODY]),
        (leaving, [STAY, NOBODY]),
        (OTHER, [STAY, NOBODY]),
        (WITNESS, [STAY, NOBODY]),
    ],
)
def test_an_accession_adds_and_takes_nobody_away(edit: Edit, expected: list[str]) -> None:
    assert told(ACCESSION, edit) == expected


def test_an_accession_puts_nobody_before_the_present_parties() -> None:
    def first(content: Content) -> Content:
        line = content["parties"][1] | {"position": 1, "organisation": "01THIRD", "name": "东北大学"}
        return content | {"parties": [line, *[row | {"position": row["position"] + 1} for row in content["parties"]]]}

    assert told(ACCESSION, first) == [STAY]


def test_a_withdrawal_names_who_leaves_and_leaves_two() -> None:
    three = joining(small())
    base = AgreementRevision(no=1, content=three)

    def of(left: set[int], *roles: str) -> list[str]:
        rest = [line for line in three["parties"] if line["position"] not in left]
        rest = [line | {"role": role} for line, role in zip(rest, roles, strict=True)] if roles else rest
        details = ChangeDetails("退出", leaving=frozenset(left))
        content = three | {"parties": rest, CHANGE: changes.composed(WITHDRAWAL, base, details)}
        revision = AgreementRevision(no=2, kind=WITHDRAWAL, content=content, base=base)
        return [message.key for message in changes.unmet(revision)]

    too_few = "At least two parties have to remain; otherwise the agreement is terminated"
    assert of({3}) == []
    assert of(set()) == ["Choose the party that leaves"]
    assert of({2, 3}) == [too_few]
    assert too_few in of({3}, "lead", "witness")


@pytest.mark.parametrize(
    ("owed", "expected"),
    [({"obligor": "B"}, 1), ({"support": "B"}, 1), ({"obligor": "C"}, 0), ({"obligor": "all"}, 0)],
)
def test_whoever_leaves_owes_nothing_any_more(owed: dict[str, str], expected: int) -> None:
    three = joining(small())
    first, *others = three["commitments"]
    three |= {"commitments": [first | owed, *others]}
    base = AgreementRevision(no=1, content=three)
    said = changes.composed(WITHDRAWAL, base, ChangeDetails("退出", leaving=frozenset({2})))
    rest = [line for line in three["parties"] if line["position"] != 2]
    revision = AgreementRevision(no=2, kind=WITHDRAWAL, content=three | {"parties": rest, CHANGE: said}, base=base)
    told = [message.key for message in changes.unmet(revision)]
    assert told == ["Commitment %(code)s is owed or supported by a party that leaves: amend it first"] * expected


def test_a_termination_needs_its_reason_alone() -> None:
    assert told(TERMINATION) == []
    assert told(TERMINATION, reason="") == ["Say why the agreement is changed"]


@pytest.mark.parametrize("kind", changes.FOLLOW_UPS)
def test_every_kind_needs_a_reason_and_has_its_rule(kind: RevisionKind) -> None:
    assert told(kind, reason="")[0] == "Say why the agreement is changed"


def test_a_first_text_changes_nothing() -> None:
    assert changes.unmet(AgreementRevision(no=1, content=small())) == []


class TestWhatAChangeSays:
    def test_names_its_base_by_number_and_digest(self) -> None:
        base = AgreementRevision(no=4, content=small())
        said = changes.composed(AMENDMENT, base, ChangeDetails("调整", date(2026, 12, 1), arrangements="照旧"))
        assert said == {
            "kind": "amendment",
            "base": {"no": 4, "content_sha256": digest(small())},
            "reason": "调整",
            "effective_from": "2026-12-01",
            "leaving": [],
            "arrangements": "照旧",
        }
        assert changes.effective_from({CHANGE: said}) == date(2026, 12, 1)
        base.content_sha256 = "kept"
        assert changes.composed(AMENDMENT, base, ChangeDetails())["base"]["content_sha256"] == "kept"

    def test_takes_effect_at_once_without_a_day(self) -> None:
        base = AgreementRevision(no=1, content=small())
        assert changes.effective_from({CHANGE: changes.composed(TERMINATION, base, ChangeDetails())}) is None
        assert changes.effective_from(small()) is None

    def test_keeps_the_whole_line_of_who_leaves(self) -> None:
        base = AgreementRevision(no=1, content=small())
        said = changes.composed(WITHDRAWAL, base, ChangeDetails(leaving=frozenset({2})))
        assert said["leaving"] == [small()["parties"][1]]


def test_changed_fields_stand_in_the_order_of_the_later_text() -> None:
    after = term(wording(small())) | {"title_zh": "新"}
    after["commitments"] = after["commitments"][:1]
    paths = changes.changed_fields(small(), after)
    assert paths[:3] == [("title_zh",), ("articles", "1", "text_zh"), ("term", "months")]
    assert {path[:2] for path in paths[3:]} == {("commitments", "T2")}
