"""What the page of an agreement shows of the archive."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...core.access.actions import Action
from ...core.access.decision import Actor, decide
from ...core.i18n import Message
from ...core.web.forms import Form
from .. import policy, queries, retention
from ..models import Agreement, ArchiveEntry, ArchiveStatus, Disclosure, Secrecy
from ..services import archiving
from ..services.remake import Order


@dataclass(frozen=True)
class ArchiveCard:
    """One signed paper: what is missing before it can be filed, or how it was filed and where its package stands."""

    entry: ArchiveEntry
    may_archive: bool
    may_take: bool
    unmet: list[Message]
    order: Order | None
    form: Form


def cards(agreement: Agreement, actor: Actor, *, sees_owner: bool) -> list[ArchiveCard]:
    """A card for each entry; nothing is asked for an agreement that has none."""
    if all(row.archive_status is ArchiveStatus.NONE for row in agreement.visibility):
        return []
    return list(_cards(agreement, actor, sees_owner=sees_owner))


def _cards(agreement: Agreement, actor: Actor, *, sees_owner: bool) -> Iterator[ArchiveCard]:
    may_archive = bool(decide(actor, Action.AGREEMENT_ARCHIVE, agreement))
    may_take = bool(policy.may_take_archive(actor, agreement, sees_owner=sees_owner))
    for entry in queries.entries_of(agreement):
        waits = entry.archived_at is None
        unmet = archiving.unmet(entry) if waits and may_archive else []
        form = _proposed(agreement) if waits and may_archive else Form()
        yield ArchiveCard(
            entry, waits and may_archive and not unmet, may_take, unmet, archiving.package_order(entry), form
        )


def _proposed(agreement: Agreement) -> Form:
    """What the form begins with."""
    term = retention.retention_for(agreement.kind, queries.settings_of(agreement.owner))
    return Form({"retention": str(term), "secrecy": str(Secrecy.INTERNAL), "disclosure": str(Disclosure.ON_REQUEST)})
