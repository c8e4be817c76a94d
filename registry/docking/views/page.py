"""The page of one case and its form."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import RegistryError
from ...core.i18n import msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.words import in_words
from ...organisations.models import Organisation
from ...organisations.models import OrganisationKind as Kind
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import Option, organisation_options
from ...records.views import addresses
from ...records.views.pages import Pages, Shown, user
from .. import policy, services
from ..counts import LABELS, OF_STAGE, rates_of, required_at
from ..enums import DropReason, Stage
from ..models import DockingCase
from ..queries import LISTING, agreements_to_choose, contacts_of, days_in_stages, sees_agreement
from ..schemas import case_from
from .blueprint import blueprint
from .filters import directory, industries, places
from .links import linkable_kinds, linked

TEXTS = ("enterprise_as_reported", "uscc", "majors", "responsible", "remark", "source", "source_url")
SIDES = ("enterprise", "university", "bureau")
BUREAUS = (Kind.HR_BUREAU, Kind.HR_DEPARTMENT, Kind.TALENT_CENTRE, Kind.ZONE_ADMIN)


def render(case: DockingCase, shown: Shown) -> str:
    """The page of one case. `?to=` opens the form of a stage that lies ahead, `?record=` that of one reached."""
    forward = policy.open_stages(actor(), case)
    wanted, corrected = _stage("to", shown, "advance"), _stage("record", shown, "record")
    correctable = {stage for stage in Stage if policy.may_correct(actor(), case, stage)}
    return render_template(
        "docking/show.html",
        case=case,
        shown=shown,
        today=today(),
        forward=forward,
        to=wanted if wanted in forward else _suggested(case, forward),
        asked_for=wanted in forward or shown.failed == "advance",
        correctable=correctable,
        corrected=corrected if corrected in correctable else None,
        skips=policy.may_skip(actor(), case),
        counts={"labels": LABELS, "of": OF_STAGE, "required": {stage: required_at(stage) for stage in Stage}},
        warnings=case.warnings,
        rates=rates_of(case.known),
        days=days_in_stages(case),
        agreement_seen=sees_agreement(actor(), case),
        linked=linked(case),
        linkable=linkable_kinds(),
        drop_reasons=[(str(one), one.label) for one in DropReason],
    )


def _stage(name: str, shown: Shown, form: str) -> Stage | None:
    """The stage that the address names, or the form that was refused."""
    if shown.failed == form and shown.form is not None:
        value = str((request.view_args or {}).get("stage", "") or shown.form.value("stage"))
        return Stage(value) if value in set(Stage) else None
    return addresses.one_of(Stage, name)


def _suggested(case: DockingCase, forward: list[Stage]) -> Stage | None:
    """Field docking where a visit was held, else the next stage, else the first that the reader may record."""
    wished = Stage.FIELD_DOCKING if case.visited_on else case.next_stage
    for stage in (wished, case.next_stage):
        if stage in forward:
            return stage
    return forward[0] if forward else None


def form_page(form: Form, case: DockingCase | None, error: RegistryError | None) -> str:
    """The form; universities and bureaus are listed whole, an enterprise is searched for."""
    university, enterprise = str(form.value("university")), str(form.value("enterprise"))
    chosen = choices_where(Organisation.public_id == enterprise, 1) if enterprise else []
    return render_template(
        "docking/form.html",
        form=form,
        case=case,
        error=error,
        enterprises=organisation_options(chosen),
        schools=_with(case.university if case else None, directory(Kind.UNIVERSITY)),
        bureaus=_with(case.bureau if case else None, directory(*BUREAUS)),
        contacts=_contacts(case),
        agreements=_agreements(university, case),
        places=places(),
        industries=industries(),
    )


def _with(present: Organisation | None, options: list[Option]) -> list[Option]:
    """The present side stays to be chosen, though it was dissolved since."""
    if present is None or any(one["value"] == present.public_id for one in options):
        return options
    return [*organisation_options(choices_where(Organisation.id == present.id, 1)), *options]


def _contacts(case: DockingCase | None) -> list[tuple[str, str]]:
    if case is None:
        return []
    return [(row.public_id, f"{row.name} {row.title} · {row.name_zh}") for row in contacts_of(case.party_ids)]


def _agreements(university: str, case: DockingCase | None) -> list[tuple[str, object]]:
    rows = list(agreements_to_choose(actor(), university))
    found = {row.public_id: in_words(f"{row.title_zh} {row.number or ''}".strip(), row.title_en) for row in rows}
    if case is not None and case.agreement is not None:
        found.setdefault(case.agreement.public_id, in_words(case.agreement.title_zh, case.agreement.title_en))
    return list(found.items())


PAGES = Pages("docking.show", LISTING, render, form_page)


@blueprint.get("/docking/new")
@needs(Action.DOCKING_ADD)
def new() -> ResponseReturnValue:
    """An empty form; the reader's own organisation is the side that it can be, and `?agreement=` is chosen already."""
    own = user().organisation
    side = {Kind.UNIVERSITY: "university", Kind.ENTERPRISE: "enterprise"}.get(own.kind, "bureau")
    defaults = {side: own.public_id, "responsible": user().name, "registered_on": today()}
    return PAGES.new(defaults | {"agreement": addresses.identity("agreement")})


@blueprint.post("/docking/new")
@needs(Action.DOCKING_ADD)
def create() -> ResponseReturnValue:
    """Enter a case."""
    return PAGES.create(lambda values, by: services.enter(case_from(values), by), msg("The case is saved"))


@blueprint.get("/docking/<public_id>")
@needs(Action.DOCKING_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One case: its stages, counts, rates, and what can be done."""
    return PAGES.show(public_id)


@blueprint.get("/docking/<public_id>/edit")
@needs(Action.DOCKING_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form of a case."""
    case = LISTING.get(public_id, actor())
    decide(actor(), Action.DOCKING_EDIT, case).enforce()
    return PAGES.edit(case, _stored(case))


@blueprint.post("/docking/<public_id>/edit")
@needs(Action.DOCKING_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Change a case."""

    def change(case: DockingCase, values: Mapping[str, Any], by: User) -> None:
        services.edit(case, case_from(values), by)

    return PAGES.save(public_id, change, msg("The case is saved"))


def _stored(case: DockingCase) -> dict[str, Any]:
    stored: dict[str, Any] = {name: getattr(case, name) for name in TEXTS}
    for name in (*SIDES, "contact", "agreement"):
        one = getattr(case, name)
        stored[name] = one.public_id if one else ""
    return stored | {"region": case.region_code, "industry": case.industry_code or ""}
