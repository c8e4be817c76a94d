"""The page of one mechanism, its form, and what can be done with it."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import RegistryError
from ...core.i18n import msg
from ...core.web.forms import Form, form_values
from ...core.web.guard import actor, needs
from ...core.web.words import legal_date
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import organisation_options
from ...records.views.pages import Pages, Shown, reason, user
from .. import policy, services
from ..enums import Rhythm, WrittenForm
from ..models import DockingMechanism
from ..queries import LISTING, contacts_of, sees_agreement
from ..schemas import MOST_SIDES, mechanism_from, meeting_from
from .blueprint import blueprint

TEXTS = ("title_zh", "title_en", "written_form", "rhythm", "plan", "next_meeting_on", "source", "source_url")


def render(mechanism: DockingMechanism, shown: Shown) -> str:
    """The page of one mechanism."""
    return render_template(
        "mechanisms/show.html",
        mechanism=mechanism,
        shown=shown,
        today=today(),
        advances=policy.may_advance(actor(), mechanism),
        upgrades=policy.may_upgrade(actor(), mechanism),
        agreement_seen=sees_agreement(actor(), mechanism),
        meets=policy.may_meet(actor(), mechanism),
    )


def form_page(form: Form, mechanism: DockingMechanism | None, error: RegistryError | None) -> str:
    """The form; the sides that were chosen stand in their lists, with the contacts that may be named."""
    chosen = [str(form.value(f"side-{number}-organisation")) for number in range(MOST_SIDES)]
    found = choices_where(Organisation.public_id.in_([one for one in chosen if one]), MOST_SIDES)
    options = organisation_options(found)
    return render_template(
        "mechanisms/form.html",
        form=form,
        mechanism=mechanism,
        error=error,
        rows=max(2, _last_filled(form) + 1),
        options=[[one for one in options if one["value"] == value] for value in chosen],
        contacts=_contacts(mechanism),
        forms=[(str(one), one.label) for one in WrittenForm],
        rhythms=[(str(one), one.label) for one in Rhythm],
    )


def _last_filled(form: Form) -> int:
    """The number of the last side of which something is typed; one more row is offered."""
    parts = ("organisation", "reported")
    filled = (n for n in range(MOST_SIDES, 0, -1) if any(form.value(f"side-{n - 1}-{part}") for part in parts))
    return next(filled, 0)


def _contacts(mechanism: DockingMechanism | None) -> list[tuple[str, str]]:
    if mechanism is None:
        return []
    rows = contacts_of(list(mechanism.party_ids))
    return [(row.public_id, f"{row.name} {row.title} · {row.name_zh}") for row in rows]


PAGES = Pages("mechanisms.show", LISTING, render, form_page)


@blueprint.get("/mechanisms/new")
@needs(Action.MECHANISM_ADD)
def new() -> ResponseReturnValue:
    """An empty form; the reader's own organisation is the first side."""
    return PAGES.new({"side-0-organisation": user().organisation.public_id, "rhythm": str(Rhythm.QUARTERLY)})


@blueprint.post("/mechanisms/new")
@needs(Action.MECHANISM_ADD)
def create() -> ResponseReturnValue:
    """Enter a mechanism."""
    return PAGES.create(lambda values, by: services.enter(mechanism_from(values), by), msg("The mechanism is saved"))


@blueprint.get("/mechanisms/<public_id>")
@needs(Action.MECHANISM_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One mechanism: stage, sides, meetings, what it grew into."""
    return PAGES.show(public_id)


@blueprint.get("/mechanisms/<public_id>/edit")
@needs(Action.MECHANISM_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form of a mechanism."""
    mechanism = LISTING.get(public_id, actor())
    decide(actor(), Action.MECHANISM_EDIT, mechanism).enforce()
    return PAGES.edit(mechanism, _stored(mechanism))


@blueprint.post("/mechanisms/<public_id>/edit")
@needs(Action.MECHANISM_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Change a mechanism."""

    def change(mechanism: DockingMechanism, values: Mapping[str, Any], by: User) -> None:
        services.edit(mechanism, mechanism_from(values), by)

    return PAGES.save(public_id, change, msg("The mechanism is saved"))


@blueprint.post("/mechanisms/<public_id>/meetings")
@needs(Action.MECHANISM_MEET)
def meet(public_id: str) -> ResponseReturnValue:
    """Record a meeting that took place."""

    def do(mechanism: DockingMechanism, by: User) -> None:
        services.record_meeting(mechanism, meeting_from(form_values()), by)

    return PAGES.act(public_id, "meet", msg("The meeting is recorded"), do)


@blueprint.post("/mechanisms/<public_id>/advance")
@needs(Action.MECHANISM_ADVANCE)
def advance(public_id: str) -> ResponseReturnValue:
    """The next stage."""
    return PAGES.act(public_id, "advance", msg("The mechanism has advanced"), services.advance)


@blueprint.post("/mechanisms/<public_id>/upgrade")
@needs(Action.MECHANISM_UPGRADE)
def upgrade(public_id: str) -> ResponseReturnValue:
    """Open the framework draft; leads to its sheet."""

    def do(mechanism: DockingMechanism, by: User) -> str:
        return url_for("agreements.edit", public_id=services.upgrade(mechanism, by).public_id)

    return PAGES.act(public_id, "upgrade", msg("The draft is open: complete it and submit it for review"), do)


@blueprint.post("/mechanisms/<public_id>/end")
@needs(Action.MECHANISM_END)
def end(public_id: str) -> ResponseReturnValue:
    """End it with a reason."""
    return PAGES.act(public_id, "end", msg("The mechanism has ended"), lambda one, by: services.end(one, reason(), by))


def _stored(mechanism: DockingMechanism) -> dict[str, Any]:
    stored: dict[str, Any] = {name: getattr(mechanism, name) for name in TEXTS}
    stored["established_on"] = legal_date(mechanism.established_on, mechanism.established_precision).replace("—", "")
    for number, party in enumerate(mechanism.parties):
        stored[f"side-{number}-organisation"] = party.organisation.public_id if party.organisation else ""
        stored[f"side-{number}-reported"] = party.name_as_reported
        stored[f"side-{number}-liaison"] = party.liaison.public_id if party.liaison else ""
    return stored
