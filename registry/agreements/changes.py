"""What a revision of an agreement in force does, and what its kind lets it change. 变更类型.

Under `change` a content says: {"kind", "base": {"no", "content_sha256"}, "reason", "effective_from": day or null,
"leaving": [lines of parties that leave], "arrangements": text}. It is part of what the parties approve by its digest.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from ..core.i18n import Message, msg
from .content import digest
from .content_fields import Path, fields_of, label_of
from .inputs import ChangeDetails
from .models import AgreementRevision, PartyRole, RevisionKind
from .participants import CHANGE
from .texts.derive import Content
from .texts.rendering import template_of
from .texts.sides import sides

SHORT = frozenset({RevisionKind.TERMINATION, RevisionKind.WITHDRAWAL})
"""Kinds whose paper is a statement of its own; the articles of the agreement stay as they are."""
FOLLOW_UPS = (
    RevisionKind.AMENDMENT,
    RevisionKind.CORRECTION,
    RevisionKind.ACCESSION,
    RevisionKind.WITHDRAWAL,
    RevisionKind.TERMINATION,
)
WORDING = frozenset({"title_zh", "title_en", "signing_place", "articles", "variables"})
"""Where a clerical error may stand; anything else that changes is an amendment."""
PARTY_NAME = ("parties", "name")
"""An organisation that took another name is the same party."""
LEAST_PARTIES = 2


def composed(kind: RevisionKind, base: AgreementRevision, details: ChangeDetails) -> dict[str, Any]:
    """The part of the content that says what the revision does."""
    leaving = [line for line in base.content["parties"] if line["position"] in details.leaving]
    return {
        "kind": str(kind),
        "base": {"no": base.no, "content_sha256": base.content_sha256 or digest(base.content)},
        "reason": details.reason,
        "effective_from": details.effective_from.isoformat() if details.effective_from else None,
        "leaving": leaving,
        "arrangements": details.arrangements,
    }


def effective_from(content: Content) -> date | None:
    """The day before which the revision does not take effect; None: as soon as everybody signed."""
    day = content.get(CHANGE, {}).get("effective_from")
    return date.fromisoformat(day) if day else None


def changed_fields(before: Content, after: Content) -> list[Path]:
    """Fields in which two contents differ, in the order of the later one."""
    old, new = fields_of(before), fields_of(after)
    return [path for path in dict.fromkeys((*new, *old)) if old.get(path) != new.get(path)]


def unmet(revision: AgreementRevision) -> list[Message]:
    """What keeps a revision of an agreement in force from going to review; empty for a first text."""
    if revision.base is None:
        return []
    found = [] if revision.content[CHANGE]["reason"] else [msg("Say why the agreement is changed")]
    return [*found, *RULES[revision.kind](revision.base.content, revision.content)]


def _amendment(base: Content, content: Content) -> Iterator[Message]:
    if not changed_fields(base, content):
        yield msg("Nothing differs from the terms in force")
    if _named(base) != _named(content):
        yield msg("Parties join or leave by a revision of their own kind, not by an amendment")


def _correction(base: Content, content: Content) -> Iterator[Message]:
    changed = changed_fields(base, content)
    if not changed:
        yield msg("Nothing differs from the terms in force")
    for path in changed:
        if path[0] not in WORDING and (path[0], path[-1]) != PARTY_NAME:
            yield msg("A correction puts wording right; this needs an amendment: %(field)s",
                      field=label_of(path, content, base))  # fmt: skip


def _accession(base: Content, content: Content) -> Iterator[Message]:
    before, after = _named(base), _named(content)
    if [party for party in after if party in before] != before:
        yield msg("The present parties stay as they are; whoever joins comes after them")
    if len(after) <= len(before):
        yield msg("Name the party that joins")


def _withdrawal(base: Content, content: Content) -> Iterator[Message]:
    bound = [line for line in content["parties"] if line["role"] != PartyRole.WITNESS]
    leaving = {line["position"] for line in content[CHANGE]["leaving"]}
    if not leaving:
        yield msg("Choose the party that leaves")
    if len(bound) < LEAST_PARTIES:
        yield msg("At least two parties have to remain; otherwise the agreement is terminated")
    yield from _owed_by(leaving, base)
    staying = [line for line in base["parties"] if line["position"] not in leaving]
    yield from _nothing_else({**base, "parties": staying}, content)


def _owed_by(leaving: Collection[int], base: Content) -> Iterator[Message]:
    """Commitments that would be left without the party that owes or supports them."""
    template = template_of(base)
    known = sides(base["parties"], last_is_b=bool(template and template.last_party_is_b))
    gone = {side.code for side in known if all(party["position"] in leaving for party in side.parties)}
    for row in base["commitments"]:
        if {row["obligor"], row["support"]} & gone:
            yield msg("Commitment %(code)s is owed or supported by a party that leaves: amend it first",
                      code=row["code"])  # fmt: skip


def _termination(base: Content, content: Content) -> Iterator[Message]:
    yield from _nothing_else(base, content)


def _nothing_else(expected: Content, content: Content) -> Iterator[Message]:
    """What only some of the parties sign, or what ends everything, changes no term by the way."""
    for path in changed_fields(expected, content):
        yield msg("Nothing but what its kind says is changed by it; this needs an amendment: %(field)s",
                  field=label_of(path, content, expected))  # fmt: skip


def _named(content: Content) -> list[tuple[Any, ...]]:
    """Who is bound as what: an organisation of the registry by its id, whatever it is called by now."""
    return [(line["position"], line["organisation"] or line["name"], line["role"]) for line in content["parties"]]


RULES: Mapping[RevisionKind, Any] = {
    RevisionKind.AMENDMENT: _amendment,
    RevisionKind.CORRECTION: _correction,
    RevisionKind.ACCESSION: _accession,
    RevisionKind.WITHDRAWAL: _withdrawal,
    RevisionKind.TERMINATION: _termination,
}
