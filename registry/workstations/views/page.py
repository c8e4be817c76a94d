"""The page of one station, its form, and whom its sides name."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...agreements.views.words import choices_of
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import RegistryError
from ...core.i18n import Message, msg
from ...core.web.forms import Form, form_values
from ...core.web.guard import actor, needs
from ...core.web.words import in_words, legal_date
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import organisation_options
from ...records import kinds
from ...records.views.pages import Pages, Shown, user
from .. import grading, marks, policy, queries
from ..enums import ActivityKind, ActivityState, Grade, WorkstationKind
from ..models import Workstation
from ..queries import LISTING
from ..schemas import MOST_FOUNDERS, contact_from, station_from
from ..services import KIND, entry
from .blueprint import blueprint

TEXTS = (
    "title_zh",
    "title_en",
    "kind",
    "number",
    "host_department",
    "place",
    "opening_hours",
    "term_from",
    "term_until",
    "remark",
    "source",
    "source_url",
)
FIRST_YEAR = 1949


def render(station: Workstation, shown: Shown) -> str:
    """The page of one station, with the figures of a year."""
    year = chosen_year()
    figures = queries.figures_of(station, year, today())
    return render_template(
        "workstations/show.html",
        station=station,
        shown=shown,
        today=today(),
        is_silent=marks.is_silent(station.quiet_since, today()),
        is_expiring=marks.is_expiring(station.state, station.term_until, today()),
        withdraws=policy.may_withdraw(actor(), station),
        keeps=policy.may_keep(actor(), station),
        agreement_seen=queries.sees_agreement(actor(), station),
        kind=KIND,
        slots=_slots(station),
        contacts=_contacts(station),
        **_year(station, year, figures),
    )


def _year(station: Workstation, year: int, figures: grading.Figures) -> dict[str, Any]:
    """What the page shows of one year."""
    activities, decided = queries.activities_of(station, year), queries.assessments_of(station)
    return {
        "year": year,
        "years": queries.years_of(station, today()),
        "figures": figures,
        "mean": grading.mean_percent(figures),
        "percent": grading.percent,
        "suggestion": grading.suggest(figures) if station.started_on and station.started_on.year <= year else None,
        "activities": activities,
        "masters": sum(one.master_plus or 0 for one in activities if one.counts),
        "may_correct": lambda activity: policy.may_correct(actor(), station, activity),
        "signs": [_sign(one) for one in queries.signs_of(station, year, actor())],
        "assessments": decided,
        "standing": next((one for one in decided if one.year == year and one.stands), None),
        "targets_stored": {f"target-{kind}": target for kind, target in figures.targets.items()},
        "kinds": [(str(kind), kind.label) for kind in ActivityKind],
        "states": [(str(one), one.label) for one in (ActivityState.HELD, ActivityState.PLANNED)],
        "grades": [(str(grade), grade.label) for grade in Grade],
        "ActivityKind": ActivityKind,
    }


def _sign(sign: queries.Sign) -> tuple[date, object, str]:
    """Its day, its title, where it is; of what the reader does not see only what kind it is."""
    kind = kinds.kind_of(sign.kind)
    if sign.titles is None:
        return sign.day, kind.label, ""
    return sign.day, in_words(*sign.titles), url_for(kind.endpoint, public_id=sign.public_id)


def chosen_year() -> int:
    """The year of the address, or this one."""
    given = (request.view_args or {}).get("year") or request.args.get("year", "")
    year = int(given) if str(given).isdecimal() and len(str(given)) == 4 else today().year
    return year if FIRST_YEAR <= year <= today().year + 1 else today().year


def _slots(station: Workstation) -> list[tuple[str, object]]:
    """The sides for which the reader may name somebody."""
    sides = [*(founder.organisation for founder in station.founders), station.host]
    found: list[tuple[str, object]] = [
        (one.public_id, msg("Liaison of %(side)s", side=one.name_zh))
        for one in sides
        if policy.may_name(actor(), station, one.id)
    ]
    head = [(entry.HEAD, msg("Station head"))] if policy.may_name(actor(), station, 0) else []
    return [*head, *found]


def _contacts(station: Workstation) -> list[tuple[str, str]]:
    if not decide(actor(), Action.WORKSTATION_NAME_CONTACT, station):
        return []
    rows = queries.contacts_of(list(station.party_ids))
    return [(row.public_id, f"{row.name} {row.title} · {row.name_zh}") for row in rows]


def form_page(form: Form, station: Workstation | None, error: RegistryError | None) -> str:
    """The form; the organisations that were chosen stand in their lists."""
    names = ["host", *(f"founder-{number}" for number in range(MOST_FOUNDERS))]
    chosen = {name: str(form.value(name)) for name in names}
    found = choices_where(Organisation.public_id.in_([one for one in chosen.values() if one]), len(names))
    options = organisation_options(found)
    filled = max((number for number, name in enumerate(names) if number and chosen[name]), default=0)
    return render_template(
        "workstations/form.html",
        form=form,
        station=station,
        error=error,
        rows=min(MOST_FOUNDERS, filled + 2),
        options={name: [one for one in options if one["value"] == value] for name, value in chosen.items()},
        kinds=[(str(one), one.label) for one in WorkstationKind],
        agreements=_agreements(station),
    )


def _agreements(station: Workstation | None) -> list[tuple[str, str]]:
    """Those to choose from; the present one stands among them where the reader sees it."""
    found = choices_of(queries.agreements_to_choose(actor()))
    present = station.agreement if station and queries.sees_agreement(actor(), station) else None
    if present and present.public_id not in dict(found):
        found = [*choices_of([present]), *found]
    return found


PAGES = Pages("workstations.show", LISTING, render, form_page)
SAVED: Message = msg("The workstation is saved")


@blueprint.get("/workstations/new")
@needs(Action.WORKSTATION_ADD)
def new() -> ResponseReturnValue:
    """An empty form; the reader's own organisation is the first founder."""
    return PAGES.new({"founder-0": user().organisation.public_id, "kind": str(WorkstationKind.TALENT_COOP)})


@blueprint.post("/workstations/new")
@needs(Action.WORKSTATION_ADD)
def create() -> ResponseReturnValue:
    """Enter a station."""
    return PAGES.create(lambda values, by: entry.enter(station_from(values), by), SAVED)


@blueprint.get("/workstations/<public_id>")
@needs(Action.WORKSTATION_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One station: state, sides, a year's activities and figures, grades."""
    return PAGES.show(public_id)


@blueprint.get("/workstations/<public_id>/edit")
@needs(Action.WORKSTATION_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form of a station."""
    station = LISTING.get(public_id, actor())
    decide(actor(), Action.WORKSTATION_EDIT, station).enforce()
    return PAGES.edit(station, _stored(station))


@blueprint.post("/workstations/<public_id>/edit")
@needs(Action.WORKSTATION_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Change a station."""

    def change(station: Workstation, values: Mapping[str, Any], by: User) -> None:
        entry.edit(station, station_from(values), by)

    return PAGES.save(public_id, change, SAVED)


@blueprint.post("/workstations/<public_id>/contacts")
@needs(Action.WORKSTATION_NAME_CONTACT)
def name_contact(public_id: str) -> ResponseReturnValue:
    """Name the head or a side's liaison."""

    def do(station: Workstation, by: User) -> None:
        entry.name_contact(station, contact_from(form_values()), by)

    return PAGES.act(public_id, "contact", msg("The contact is named"), do)


def _stored(station: Workstation) -> dict[str, Any]:
    stored: dict[str, Any] = {name: getattr(station, name) for name in TEXTS}
    stored["unveiled_on"] = legal_date(station.unveiled_on, station.unveiled_precision).replace("—", "")
    stored["host"] = station.host.public_id
    if station.fund_wan is not None:
        stored["fund_wan"] = f"{station.fund_wan.normalize():f}"
    if station.agreement and queries.sees_agreement(actor(), station):
        stored["agreement"] = station.agreement.public_id
    for number, founder in enumerate(station.founders):
        stored[f"founder-{number}"] = founder.organisation.public_id
    return stored
