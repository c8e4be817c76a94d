"""What of this package follows a merge, and what stays with the duplicate and is found through it. 本域迁移项."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from ..core.i18n import msg
from .merges import OrganisationMerge
from .models import Contact, Organisation, OrganisationAlias, OrganisationName, Oversight
from .repoint import Merging, Pointer, derived, follows, stays
from .ties import OrganisationTie


def _not_the_survivor(merging: Merging) -> ColumnElement[bool]:
    return Organisation.id != merging.survivor.id


def _new_to_the_survivor(merging: Merging) -> ColumnElement[bool]:
    """Not with the survivor itself, nor what it has already."""
    same = aliased(OrganisationTie)
    has = select(same.id).where(
        same.organisation_id == merging.survivor.id,
        same.other_id == OrganisationTie.other_id,
        same.tie == OrganisationTie.tie,
    )
    return (OrganisationTie.other_id != merging.survivor.id) & ~has.exists()


def _new_with_the_survivor(merging: Merging) -> ColumnElement[bool]:
    same = aliased(OrganisationTie)
    has = select(same.id).where(
        same.other_id == merging.survivor.id,
        same.organisation_id == OrganisationTie.organisation_id,
        same.tie == OrganisationTie.tie,
    )
    return (OrganisationTie.organisation_id != merging.survivor.id) & ~has.exists()


def _count_names(duplicate: Organisation) -> Select[int]:
    return select(func.count(OrganisationName.id) + 1).where(OrganisationName.organisation_id == duplicate.id)


def _count_aliases(duplicate: Organisation) -> Select[int]:
    return select(func.count(OrganisationAlias.id)).where(OrganisationAlias.organisation_id == duplicate.id)


follows(Pointer("contact.organisation", msg("Contacts at it"), Contact.organisation_id))
follows(
    Pointer("contact.recorded_by", msg("Contacts in its address book"), Contact.recorded_by_id, is_theirs=True),
)
follows(Pointer("organisation.superior", msg("Organisations below it"), Organisation.superior_id, _not_the_survivor))
follows(Pointer("organisation.added_by", msg("Organisations that it added"), Organisation.added_by_id))
follows(Pointer("organisation.merged_into", msg("Records merged into it before"), Organisation.merged_into_id))
follows(Pointer("organisation.successor", msg("Organisations that it succeeds"), Organisation.successor_id))
follows(
    Pointer("tie.organisation", msg("Ties to others"), OrganisationTie.organisation_id, _new_to_the_survivor),
)
follows(Pointer("tie.other", msg("Ties of others to it"), OrganisationTie.other_id, _new_with_the_survivor))
stays(
    "names",
    msg("Names, present and former: they find the other organisation"),
    _count_names,
    OrganisationName.organisation_id,
)
stays(
    "aliases",
    msg("Short forms and spellings: they find the other organisation"),
    _count_aliases,
    OrganisationAlias.organisation_id,
)
derived(Oversight.organisation_id, Oversight.overseer_id)
derived(OrganisationMerge.duplicate_id, OrganisationMerge.survivor_id, OrganisationMerge.merged_for_id)
