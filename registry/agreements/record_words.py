"""What the fields of the machine-readable record are called. 机读记录字段名."""

from collections.abc import Mapping, Sequence

from ..core.i18n import Either, Message, msg
from ..core.text import INVISIBLE
from .labels import party_label

LONGEST = 40
WHOLE = msg("the whole record")

FIELDS: Mapping[str, Message] = {
    "$schema": msg("Address of the record's schema"),
    "registry_id": msg("Registry id"),
    "number": msg("Agreement no."),
    "revision": msg("Revision"),
    "hash_version": msg("Version of the digest"),
    "content_sha256": msg("Content digest (SHA-256)"),
    "content": msg("Content"),
    "format": msg("Form of the content"),
    "template": msg("Model text"),
    "template_version": msg("Version of the model text"),
    "kind": msg("Kind"),
    "title_zh": msg("Title (Chinese)"),
    "title_en": msg("Title (English)"),
    "language": msg("Language"),
    "parties": msg("Parties"),
    "position": msg("Position"),
    "role": msg("Role"),
    "organisation": msg("Organisation"),
    "name": msg("Name"),
    "department": msg("Department"),
    "variables": msg("Filled-in places"),
    "articles": msg("Articles"),
    "key": msg("Article number"),
    "heading_zh": msg("Heading (Chinese)"),
    "text_zh": msg("Text (Chinese)"),
    "heading_en": msg("Heading (English)"),
    "text_en": msg("Text (English)"),
    "commitments": msg("Table of commitments"),
    "code": msg("Code"),
    "task": msg("Task"),
    "obligor": msg("Obligor"),
    "support": msg("Supporting party"),
    "target": msg("Target"),
    "unit": msg("Unit"),
    "period": msg("Period"),
    "rule": msg("Counting rule"),
    "evidence": msg("Evidence"),
    "task_en": msg("Task (English)"),
    "rule_en": msg("Counting rule (English)"),
    "evidence_en": msg("Evidence (English)"),
    "term": msg("Term"),
    "months": msg("Months"),
    "open_ended": msg("Open-ended"),
    "planned_effective_on": msg("Planned to take effect on"),
    "expires_on": msg("Expires on"),
    "copies": msg("Copies"),
    "total": msg("Total"),
    "each": msg("Each party"),
    "signing_place": msg("Place of signing"),
    "has_funding": msg("With funding"),
    "change": msg("What the change is"),
    "base": msg("Text that it was drafted on"),
    "no": msg("Text no."),
    "reason": msg("Reason"),
    "effective_from": msg("Takes effect not before"),
    "leaving": msg("Parties that leave"),
    "arrangements": msg("Arrangements"),
    "renews": msg("Agreement that it renews"),
    "without": msg("Commitments that were not taken over"),
    "facts": msg("Particulars of the parties"),
    "short": msg("Short name"),
    "name_en": msg("Name (English)"),
    "short_en": msg("Short name (English)"),
    "uscc": msg("Unified social credit code"),
    "moe_code": msg("School code"),
    "address": msg("Address"),
    "superior": msg("Superior authority"),
}


def in_words(path: Sequence[str | int]) -> Message:
    """Content › Parties › Party B › Name."""
    if not path:
        return WHOLE
    steps = [_step(path[:place], step) for place, step in enumerate(path)]
    said = steps[0]
    for step in steps[1:]:
        said = msg("%(whole)s › %(part)s", whole=said, part=step)
    return said


def _step(before: Sequence[str | int], step: str | int) -> Message:
    above = before[-1] if before else ""
    if above == "parties" and isinstance(step, int):
        return party_label(step + 1) if step < 99 else msg("no. %(number)s", number=step + 1)
    if above == "facts" and isinstance(step, str) and step.isdecimal() and 0 < len(step) < 3 and int(step):
        return party_label(int(step))
    if isinstance(step, int):
        return msg("no. %(number)s", number=step + 1)
    if above == "variables" or step not in FIELDS:
        return Either(f"“{shown(step)}”", f"“{shown(step)}”")
    return FIELDS[step]


def shown(text: str) -> str:
    """A name out of a foreign file, cut short and without what would not print."""
    printable = text[:LONGEST].encode("utf-8", "replace").decode()
    return INVISIBLE.sub("", printable).replace("\n", " ")
