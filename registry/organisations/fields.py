"""What the fields of organisations and contacts are called, and how their values read in the change log. 字段名称."""

from collections.abc import Mapping

from ..core.i18n import Message, msg
from .models import OrganisationKind, OrganisationStatus, Tie
from .repoint import pointers

LABELS: Mapping[str, Message] = {
    "kind": msg("Kind of organisation"),
    "status": msg("Status"),
    "name_zh": msg("Chinese name"),
    "name_en": msg("English name"),
    "short_zh": msg("Chinese short name"),
    "short_en": msg("English short name"),
    "uscc": msg("Unified social credit code"),
    "moe_code": msg("Ministry of Education code"),
    "region_code": msg("Region"),
    "superior": msg("Superior organisation"),
    "superior_tie": msg("How it belongs to its superior"),
    "merged_into": msg("Merged into"),
    "took_over": msg("Merged into this one"),
    "folded": msg("Places where both were named"),
    "closed_on": msg("Dissolved on"),
    "successor": msg("Successor"),
    "former_name": msg("Former name"),
    "supervised": msg("Supervised by"),
    "attached": msg("Attached to"),
    "component": msg("Component of"),
    "address": msg("Postal address"),
    "authority": msg("Competent authority"),
    "note": msg("Note"),
    "needs_check": msg("Still to be checked"),
    "alias": msg("Short form or other spelling"),
    "name": msg("Full name"),
    "title": msg("Position"),
    "office": msg("Office"),
    "phone": msg("Phone"),
    "purpose": msg("Purpose"),
    "contact": msg("Contact"),
    "number_prefixes": msg("Words of agreement numbers"),
    "numbers_in_common": msg("All words counted in common"),
    "number_start": msg("Next agreement number"),
    "source": msg("Number of the notice"),
}
YES, NO = msg("Yes"), msg("No")


def label_of(field: str) -> Message | str:
    """The field's name for the reader."""
    pointer = pointers.get(field)
    return pointer.label if pointer else LABELS.get(field, field)


def shown(field: str, value: object) -> object:
    """A value of the change log for the reader."""
    if isinstance(value, bool):
        return YES if value else NO
    if field == "kind" and value in set(OrganisationKind):
        return OrganisationKind(str(value)).label
    if field == "superior_tie" and value in set(Tie):
        return Tie(str(value)).label
    if field == "status" and value in set(OrganisationStatus):
        return OrganisationStatus(str(value)).label
    return value
