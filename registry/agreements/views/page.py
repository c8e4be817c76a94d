"""What the page of one agreement shows, gathered once; also after an act that was refused."""

from collections.abc import Callable
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...audit.queries import history_of
from ...core.dates import today
from ...core.errors import Conflict, Invalid, RegistryError, Stale, Unmet
from ...core.i18n import Message
from ...core.web.forms import Form, show_newest
from ...core.web.guard import actor
from ...core.web.language import language
from ...core.web.shell import moment
from ...organisations.views.display import deadline_note, present_calendar
from .. import badges, content, policy, queries
from ..facts import party_facts
from ..labels import event_label, label
from ..models import (
    Agreement,
    AgreementRevision,
    AgreementStatus,
    Disclosure,
    LegalResult,
    RenewalDecision,
    Retention,
    SealKind,
    Secrecy,
    SignatureMethod,
    Verdict,
)
from ..services import projection
from ..services.files import PARTY_KINDS
from ..services.signing import BY_HAND
from ..terms import holiday_hint
from ..texts.rendering import RenderedText
from .known import Known
from .words import choices

HISTORY = 50


def render(
    agreement: Agreement, error: RegistryError | None = None, form: Form | None = None, failed: str = ""
) -> ResponseReturnValue:
    """The page; with an error it says what was refused at the form that was sent, under the error's status."""
    known = Known(agreement, actor())
    refused = form or Form()
    if isinstance(error, Invalid):
        refused = refused.refused(error)
    if isinstance(error, Stale):
        show_newest()
        error.changes = [row for row in error.changes if _may_read(known, row)]
    html = render_template(
        "agreements/show.html",
        known=known,
        agreement=agreement,
        revision=known.revision,
        text=_text(known),
        badges=badges.of(agreement, today()),
        last_day_notes=_last_day_notes(agreement),
        missing=projection.missing_details(agreement),
        events=_events(known),
        progress=progress_of(agreement),
        duplicates=queries.duplicates_of(agreement) if agreement.status is AgreementStatus.DRAFT else (),
        error=error,
        form=refused,
        form_for=form_at(refused, failed),
        legal_choices=legal_choices,
        verdicts=COUNTER_VERDICTS,
        seal_kinds=SealKind,
        methods_by_hand=BY_HAND,
        party_kinds=PARTY_KINDS,
        renewal_decisions=RenewalDecision,
        today=today(),
        retentions=Retention,
        secrecies=Secrecy,
        disclosures=Disclosure,
    )
    return html, error.status if error else 200


def _last_day_notes(agreement: Agreement) -> list[Message]:
    """What is to be known of a last day in force that is no working day, unless the agreement is over."""
    last = agreement.expires_on
    if last is None or agreement.open_ended or agreement.status in OVER:
        return []
    hint = holiday_hint(last, present_calendar().works_on)
    return [note for note in (hint, deadline_note(last)) if note] if hint else []


def _text(known: Known) -> RenderedText | None:
    if known.revision is None:
        return None
    return content.rendered(known.revision.content, party_facts(known.agreement, known.revision), language())


def form_at(refused: Form, failed: str) -> Callable[[str], Form]:
    """The form that was refused keeps its values; all others on the page begin with their defaults."""
    return lambda name: refused if name == failed else Form(DEFAULTS.get(name.partition("-")[0], {}))


def legal_choices(revision: AgreementRevision) -> list[tuple[str, Message]]:
    """Findings that let a text pass; the exemption only for an unmodified model text."""
    found = [LegalResult.LEGAL, LegalResult.AFTER_CHANGE]
    return choices([*found, LegalResult.TEMPLATE_EXEMPT] if revision.template_unmodified else found)


def progress_of(agreement: Agreement) -> list[tuple[Message, str, str]]:
    """The steps of this agreement's life with their state, for the strip on top."""
    line = HISTORIC_LINE if agreement.is_historic else LINE
    if agreement.status is AgreementStatus.VOID:
        return [(label(status), "stopped", "") for status in (AgreementStatus.VOID,)]
    reached = line.index(agreement.status) if agreement.status in line else len(line) - 1
    if agreement.status is AgreementStatus.SIGNED:
        reached = line.index(AgreementStatus.IN_FORCE)
    ended = agreement.status in (AgreementStatus.IN_FORCE, AgreementStatus.CLOSED)
    return [(label(status), _state(place, reached, ended=ended), "") for place, status in enumerate(line)]


def _state(place: int, reached: int, *, ended: bool) -> str:
    if place < reached or (ended and place == reached):
        return "done"
    return "current" if place == reached else "todo"


def _events(known: Known) -> list[dict[str, Any]]:
    """The change log as the timeline shows it; what the other side does among itself is nobody else's business."""
    return [
        {
            "when": moment(row.happened_at),
            "who": _who(row),
            "title": event_label(row.action),
            "text": row.reason,
        }
        for row in history_of("agreement", known.agreement.public_id, HISTORY)
        if _may_read(known, row)
    ]


def _may_read(known: Known, row: Any) -> bool:
    """Whether an event is this reader's business: what a side does within itself is not the other's."""
    return row.action not in policy.INTERNAL or row.organisation_id in known.insight


def _who(row: Any) -> str:
    """Who did it, and for whom where they stood in."""
    name: str = row.actor_name or _("the registry itself")
    _before, colleague = row.changes.get("on_behalf_of", (None, ""))
    return _("%(name)s for %(colleague)s", name=name, colleague=colleague) if colleague else name


DEFAULTS = {
    "signature": {"seal": str(SealKind.OFFICIAL), "method": str(SignatureMethod.WET_INK)},
    "request_changes": {"verdict": str(Verdict.CHANGES_REQUESTED)},
}
OVER = (AgreementStatus.VOID, AgreementStatus.CLOSED)
REFUSALS = (Invalid, Unmet, Conflict)
COUNTER_VERDICTS = (Verdict.CHANGES_REQUESTED, Verdict.REJECTED)
LINE = (
    AgreementStatus.DRAFT,
    AgreementStatus.REVIEW,
    AgreementStatus.NEGOTIATION,
    AgreementStatus.SIGNING,
    AgreementStatus.IN_FORCE,
)
HISTORIC_LINE = (AgreementStatus.RECORDED_PENDING, AgreementStatus.IN_FORCE)
