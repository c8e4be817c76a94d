"""What holds of every agreement whatever people and the calendar did, told from the stored rows alone."""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Any

from registry.agreements.models import (
    OPEN_STAGES,
    PAPER,
    SIGNED_STAGES,
    AgreementStatus,
    PartyRole,
    RevisionKind,
    RevisionStage,
    SignatoryStatus,
    Verdict,
)
from registry.agreements.models.agreement import TRANSITIONS
from registry.agreements.models.revision import STAGES
from registry.core.dates import add_months
from tests.agreements.snapshot import Row, Snapshot

SIGNING_OR_LATER = (RevisionStage.SIGNING, *SIGNED_STAGES)
TERMS = ("title_zh", "title_en", "kind", "has_funding", "signing_place")
TOLD = ("status", "outcome", "title_zh", "title_en", "effective_on", "expires_on", "open_ended")


@dataclass(frozen=True)
class World:
    """Who is who: organisations by public id, and people with organisation, roles."""

    organisations: Mapping[str, int]
    people: Mapping[int, tuple[int, frozenset[str]]]
    staffed: frozenset[int]
    """Organisations that act for themselves."""


@dataclass
class Past:
    """How each agreement stood at the end of each day, as seen on that day."""

    days: dict[tuple[int, date], AgreementStatus] = field(default_factory=dict)


def check(world: World, past: Past, before: Snapshot, after: Snapshot, day: date, *, steps: int) -> None:
    """Everything; `steps` says how many moves along the lanes one act may have made (the calendar makes several)."""
    for agreement in after.rows("agreement"):
        revisions = after.rows("agreement_revision", agreement_id=agreement["id"])
        _stages(before, after, agreement, revisions, steps)
        for revision in revisions:
            _content(before, revision)
            _consent(world, after, agreement, revision)
            _base(before, after, revision)
        _terms(world, after, agreement, revisions)
        _effects(agreement, revisions)
        _periods(after, agreement, revisions, past, day)
        if agreement["status"] in PAPER:
            past.days[agreement["id"], day] = agreement["status"]
    _signatures(before, after)
    _documents(after)
    _clearances(world, after)
    _numbers(after)


def _path(moves: Mapping[Any, frozenset[Any]], first: Any, last: Any, steps: int) -> bool:
    reached = {first}
    for _step in range(steps):
        reached |= {to for state in reached for to in moves[state]}
    return last in reached


def _stages(before: Snapshot, after: Snapshot, agreement: Row, revisions: list[Row], steps: int) -> None:
    """Statuses and stages move along their lanes; one revision at most is open, and one in effect."""
    old = before.one("agreement", agreement["id"])
    assert old is None or _path(TRANSITIONS, old["status"], agreement["status"], steps)
    for revision in revisions:
        was = before.one("agreement_revision", revision["id"])
        assert was is None or _path(STAGES, was["stage"], revision["stage"], steps)
    stages = [revision["stage"] for revision in revisions]
    assert sum(stage in OPEN_STAGES for stage in stages) <= 1
    effective = stages.count(RevisionStage.EFFECTIVE)
    assert effective == (1 if agreement["status"] in PAPER else 0), stages
    assert [revision["no"] for revision in revisions] == list(range(1, len(revisions) + 1))
    assert agreement["status"] not in (AgreementStatus.CLOSED, AgreementStatus.VOID) or not (
        set(stages) & {*OPEN_STAGES, RevisionStage.SIGNED}
    )


def _content(before: Snapshot, revision: Row) -> None:
    """(1) What was put before the parties is what is stored, and never changes."""
    was = before.one("agreement_revision", revision["id"])
    if was and was["content_sha256"]:
        assert (was["content"], was["content_sha256"]) == (revision["content"], revision["content_sha256"])
    if revision["content_sha256"]:
        plain = json.dumps(revision["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert sha256(unicodedata.normalize("NFC", plain).encode()).hexdigest() == revision["content_sha256"]
    else:
        assert revision["stage"] not in SIGNING_OR_LATER


def asked(world: World, owner: int, revision: Row) -> set[int]:
    """Organisations whose word a text needs: all but witnesses; of a withdrawal, who leaves and the owner."""
    content = revision["content"]
    lines = content["parties"]
    if revision["kind"] is RevisionKind.WITHDRAWAL:
        own = [line for line in lines if world.organisations[line["organisation"]] == owner]
        lines = [*own, *content["change"]["leaving"]]
    return {world.organisations[line["organisation"]] for line in lines if line["role"] != PartyRole.WITNESS}


def _consent(world: World, after: Snapshot, agreement: Row, revision: Row) -> None:
    """(2) Nothing is signed whose very text somebody did not approve, by their own people where they have any."""
    said: dict[int, Row] = {}
    for row in after.rows("party_approval", revision_id=revision["id"]):
        organisation = _organisation(after, row["party_id"])
        by = world.people[row["said_by_id"]][0]
        assert by == organisation or (by == agreement["owner_id"] and organisation not in world.staffed)
        said[organisation] = row
    if revision["stage"] not in SIGNING_OR_LATER:
        return
    for organisation in asked(world, agreement["owner_id"], revision):
        assert said[organisation]["verdict"] is Verdict.APPROVED
        assert said[organisation]["content_sha256"] == revision["content_sha256"]
    if revision["stage"] in SIGNED_STAGES:
        assert _signers(after, revision) == asked(world, agreement["owner_id"], revision)


def _organisation(after: Snapshot, party_id: int) -> int:
    party = after.one("agreement_party", party_id)
    assert party
    return int(party["organisation_id"])


def _signers(after: Snapshot, revision: Row) -> set[int]:
    rows = after.rows("signatory", revision_id=revision["id"], status=SignatoryStatus.SIGNED)
    return {_organisation(after, row["party_id"]) for row in rows}


def _base(before: Snapshot, after: Snapshot, revision: Row) -> None:
    """(3) Nothing goes to be signed, or is concluded, on other terms than those in effect."""
    was = before.one("agreement_revision", revision["id"])
    moved = was is None or was["stage"] is not revision["stage"]
    if revision["base_id"] is None or not moved or revision["stage"] not in SIGNING_OR_LATER[:3]:
        return
    if was and was["stage"] is RevisionStage.SIGNED:
        return  # its day came; nothing else could be concluded meanwhile, see _effects
    base = before.one("agreement_revision", revision["base_id"])
    assert base
    assert base["stage"] is RevisionStage.EFFECTIVE
    assert revision["content"]["change"]["base"] == {"no": base["no"], "content_sha256": base["content_sha256"]}


def _terms(world: World, after: Snapshot, agreement: Row, revisions: list[Row]) -> None:
    """(4) What the agreement says is what its texts in effect say, folded."""
    if agreement["status"] not in PAPER:
        return
    content = next(row["content"] for row in revisions if row["stage"] is RevisionStage.EFFECTIVE)
    assert {name: agreement[name] for name in TERMS} == {name: content[name] for name in TERMS}
    term = content["term"]
    assert (agreement["term_months"], agreement["open_ended"]) == (term["months"], term["open_ended"])
    assert agreement["expires_on"] == last_day(term, agreement["effective_on"])
    bound = {
        (row["position"], row["organisation_id"], str(row["role"]), row["department"])
        for row in after.rows("agreement_party", agreement_id=agreement["id"], is_bound=True)
        if row["position"] > 0
    }
    assert bound == {_line(world, line) for line in content["parties"]}
    known = {
        (row["position"], row["organisation_id"]) for row in after.rows("agreement_party", agreement_id=agreement["id"])
    }
    for row in revisions:
        if row["stage"] in SIGNED_STAGES:
            assert {_line(world, line)[:2] for line in row["content"]["parties"]} <= known


def _line(world: World, line: Row) -> tuple[int, int, str, str]:
    return line["position"], world.organisations[line["organisation"]], line["role"], line["department"]


def last_day(term: Row, first: date) -> date | None:
    """By the paper, else counted from the first day in force; None when it is open-ended."""
    if term["expires_on"]:
        return date.fromisoformat(term["expires_on"])
    return None if term["open_ended"] or not term["months"] else add_months(first, term["months"])


def _effects(agreement: Row, revisions: list[Row]) -> None:
    """Texts follow each other without gap or overlap, none before it was signed, none beyond the end."""
    signed = [row for row in revisions if row["stage"] in SIGNED_STAGES]
    for one, other in pairwise(signed):
        assert other["base_id"] == one["id"]
        assert one["effective_on"] <= other["effective_on"]
        if other["stage"] is not RevisionStage.SIGNED:
            assert one["superseded_on"] == other["effective_on"]
    for row in signed:
        assert row["signed_on"] <= row["effective_on"]
        planned = row["content"].get("change", row["content"]["term"])
        first = planned.get("effective_from") or planned.get("planned_effective_on")
        assert first is None or date.fromisoformat(first) <= row["effective_on"]
    if agreement["status"] is AgreementStatus.CLOSED:
        assert agreement["closed_on"] >= agreement["effective_on"]
        assert agreement["closed_on"] >= signed[-1]["effective_on"], "a text took effect after the end"


def _periods(after: Snapshot, agreement: Row, revisions: list[Row], past: Past, day: date) -> None:
    """Periods tile the time, the last is the present; no past day is told otherwise than it was seen on that day."""
    periods = sorted(after.rows("agreement_period", agreement_id=agreement["id"]), key=lambda row: row["from_on"])
    if agreement["status"] not in PAPER:
        assert not periods
        return
    assert [row["until_on"] for row in periods] == [*(row["from_on"] for row in periods[1:]), None]
    last = periods[-1]
    assert {name: last[name] for name in TOLD} == {name: agreement[name] for name in TOLD}
    if agreement["status"] is AgreementStatus.CLOSED:
        assert last["from_on"] == agreement["closed_on"]
    by_id = {row["id"]: row for row in revisions}
    for row in periods:
        text = by_id[row["revision_id"]]
        waits = row["status"] is AgreementStatus.SIGNED
        assert waits or text["effective_on"] <= row["from_on"]
        assert waits or text["superseded_on"] is None or row["until_on"] <= text["superseded_on"]
    for (identity, seen_on), seen in past.days.items():
        if identity == agreement["id"] and seen_on < day:
            told = [row["status"] for row in periods if _covers(row, seen_on)]
            assert told == [_expected(agreement, seen_on, seen)], (seen_on, periods)


def _covers(period: Row, day: date) -> bool:
    return bool(period["from_on"] <= day and (period["until_on"] is None or day < period["until_on"]))


def _expected(agreement: Row, day: date, seen: AgreementStatus) -> AgreementStatus:
    """As seen on the day, but for what the calendar caught up with, or people noted later for an earlier day."""
    if agreement["closed_on"] and day >= agreement["closed_on"]:
        return AgreementStatus.CLOSED
    caught_up = seen is AgreementStatus.SIGNED and day >= agreement["effective_on"]
    return AgreementStatus.IN_FORCE if caught_up and agreement["status"] is not AgreementStatus.SIGNED else seen


def _signatures(before: Snapshot, after: Snapshot) -> None:
    """(5) What was signed or declined stays; a signature can only be voided."""
    for row in before.rows("signatory"):
        now = after.one("signatory", row["id"])
        if row["status"] is SignatoryStatus.PENDING:
            continue
        assert now
        allowed = {row["status"]} | ({SignatoryStatus.VOID} if row["status"] is SignatoryStatus.SIGNED else set())
        assert now["status"] in allowed
        same = ("public_id", "party_id", "revision_id", "name", "signed_on", "recorded_by_id", "is_proxy")
        assert [now[name] for name in same] == [row[name] for name in same]
    for row in after.rows("signatory", status=SignatoryStatus.SIGNED):
        assert after.rows("seal_use", signatory_id=row["id"])


def _documents(after: Snapshot) -> None:
    """Papers of a text that everybody signed are nobody's to void; nothing signed loses its signature."""
    for revision in after.rows("agreement_revision"):
        if revision["stage"] in SIGNED_STAGES:
            counting = after.rows("agreement_document", revision_id=revision["id"], void_reason="")
            scans = {row["party_id"] for row in counting if row["kind"] == "party_scan"}
            signed = after.rows("signatory", revision_id=revision["id"], status=SignatoryStatus.SIGNED)
            assert {row["party_id"] for row in signed} <= scans
            letters = {row["party_id"] for row in counting if row["kind"] == "proxy_letter"}
            assert {row["party_id"] for row in signed if row["is_proxy"]} <= letters


def _clearances(world: World, after: Snapshot) -> None:
    """(6) Nobody judged for the other side, their own work, or twice."""
    judged: set[tuple[int, int]] = set()
    for row in after.rows("clearance"):
        if row["decided_by_id"] is None:
            continue
        organisation, roles = world.people[row["decided_by_id"]]
        revision = after.one("agreement_revision", row["revision_id"])
        agreement = after.one("agreement", row["agreement_id"])
        assert revision
        assert agreement
        assert organisation == row["organisation_id"]
        assert row["step"].role in roles
        assert row["decided_by_id"] not in (agreement["handler_id"], revision["submitted_by_id"])
        assert (row["revision_id"], row["decided_by_id"]) not in judged
        judged.add((row["revision_id"], row["decided_by_id"]))


def _numbers(after: Snapshot) -> None:
    """Each issuer's numbers of a year run from 1 without a gap, and none is there twice."""
    given: dict[tuple[int, int], list[int]] = {}
    for row in after.rows("agreement"):
        if row["number"]:
            given.setdefault((row["issuer_id"], row["number_year"]), []).append(row["number_sequence"])
    for sequences in given.values():
        assert sorted(sequences) == list(range(1, len(sequences) + 1))
    counters = {(row["issuer_id"], row["year"]): row["last"] for row in after.rows("number_counter")}
    assert counters == {key: len(sequences) for key, sequences in given.items()}
