"""The form of a visit: planned, recorded or changed; who else saw the employer stands beside it. 走访表单页."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import NotFound, RegistryError
from ...core.i18n import msg
from ...core.web.forms import Form, form_values
from ...core.web.guard import actor, needs
from ...core.web.shell import wants_part
from ...core.web.words import in_words
from ...organisations.models import IndustrySection, Organisation, OrganisationKind
from ...organisations.queries.lookup import choices_where
from ...organisations.queries.places import list_all_regions
from ...organisations.views.choices import organisation_options, region_options
from ...records import kinds
from ...records.views.pages import Pages, user
from ..enums import Direction, EmployerNature, FigureCode, Intention, LeadLevel, Rating, VisitKind
from ..models import Visit
from ..queries.due import SUBJECT, subjects_to_offer
from ..queries.employers import Company, company_of, employer_key
from ..queries.listing import LISTING
from ..schemas import LISTS, YES_NO, told, visit_from
from ..services import entry
from .blueprint import blueprint
from .page import render

TEXTS = (
    "visited_name", "visited_uscc", "leader_name", "leader_office", "participants", "college", "receiver",
    "receiver_title", "majors", "findings", "feedback", "follow_up", "source", "source_url", "follow_up_days",
)  # fmt: skip
CODES = ("kind", "direction", "nature", "lead_level", "rating")
ENUMS: dict[str, Any] = {
    "visit_kinds": VisitKind, "directions": Direction, "levels": LeadLevel, "natures": EmployerNature,
    "ratings": Rating, "intentions": Intention,
}  # fmt: skip


def form_page(form: Form, visit: Visit | None, error: RegistryError | None, *, records: bool = False) -> str:
    """The form; `records` is the one that says what came of a planned visit."""
    return render_template(
        "visits/form.html",
        form=form,
        visit=visit,
        error=error,
        records=records,
        company=_company(form, visit),
        subjects=_subjects(form, visit),
        visited=_organisations(form, "visited"),
        visitors=_organisations(form, "visitor"),
        regions=region_options(list_all_regions()),
        industries=_industries(),
        yes_no=YES_NO,
        **{name: [(str(one), one.label) for one in kind] for name, kind in ENUMS.items()},
    )


def record_page(form: Form, visit: Visit | None, error: RegistryError | None) -> str:
    """The form that says what came of a planned visit."""
    return form_page(form, visit, error, records=True)


PAGES = Pages("visits.show", LISTING, render, form_page, LISTS)
RECORDING = Pages("visits.show", LISTING, render, record_page, LISTS)


@blueprint.get("/visits/new")
@needs(Action.VISIT_ADD)
def new() -> ResponseReturnValue:
    """An empty form; the address may say what the visit is about and who is visited."""
    given = {
        "kind": request.args.get("kind", _usual_kind()),
        "day": request.args.get("day", str(today())),
        "took_place": request.args.get("took_place", "yes"),
        "direction": str(Direction.GO_OUT),
        "subject": request.args.get("subject", "")[:60],
        "visited": request.args.get("visited", "")[:26],
        "visited_name": request.args.get("visited_name", "")[:200],
    }
    return PAGES.new(given)


@blueprint.post("/visits/new")
@needs(Action.VISIT_ADD)
def create() -> ResponseReturnValue:
    """Plan or record a visit."""
    return PAGES.create(lambda values, by: entry.enter(visit_from(values), by), msg("The visit is saved"))


@blueprint.post("/visits/company")
@needs(Action.VISIT_ADD)
def company() -> ResponseReturnValue:
    """Who else saw the employer that the form names: for scripts the part alone, else the form with it."""
    form, visit = Form(form_values(lists=LISTS)), _written(request.args.get("of", ""))
    if wants_part():
        return render_template("visits/_company.html", company=_company(form, visit))
    return form_page(form, visit, None, records="records" in request.args)


@blueprint.get("/visits/<public_id>/edit")
@needs(Action.VISIT_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form of a visit."""
    visit = LISTING.get(public_id, actor())
    decide(actor(), Action.VISIT_EDIT, visit).enforce()
    return PAGES.edit(visit, stored(visit))


@blueprint.post("/visits/<public_id>/edit")
@needs(Action.VISIT_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Change a visit."""

    def change(visit: Visit, values: Mapping[str, Any], by: User) -> None:
        entry.edit(visit, visit_from(values), by)

    return PAGES.save(public_id, change, msg("The visit is saved"))


@blueprint.get("/visits/<public_id>/record")
@needs(Action.VISIT_HOLD)
def record(public_id: str) -> ResponseReturnValue:
    """The form of what came of a planned visit."""
    visit = LISTING.get(public_id, actor())
    decide(actor(), Action.VISIT_HOLD, visit).enforce()
    return RECORDING.edit(visit, stored(visit) | {"day": min(visit.planned_on, today())})


@blueprint.post("/visits/<public_id>/record")
@needs(Action.VISIT_HOLD)
def hold(public_id: str) -> ResponseReturnValue:
    """Record what came of a planned visit."""

    def change(visit: Visit, values: Mapping[str, Any], by: User) -> None:
        entry.hold(visit, visit_from(values), by)

    return RECORDING.save(public_id, change, msg("The visit is recorded"))


def stored(visit: Visit) -> dict[str, Any]:
    """A visit as its form has it."""
    found: dict[str, Any] = {name: getattr(visit, name) for name in (*TEXTS, *CODES)}
    found |= {name: told(getattr(visit, name)) for name in ("is_first", "base_built", "tracked")}
    figures = {str(code): one.as_reported for code in FigureCode if (one := visit.figure(code))}
    subject = f"{visit.subject_kind}:{visit.subject_public_id}" if visit.subject_kind else ""
    return (
        found
        | figures
        | {
            "day": visit.held_on or visit.planned_on,
            "next_on": "" if visit.follow_up_days else visit.next_on or "",
            "visited": visit.visited.public_id if visit.visited else "",
            "visitor": visit.visitor.public_id,
            "region": visit.region_code or "",
            "industry": visit.industry_code or "",
            "intentions": list(visit.intentions),
            "subject": subject,
        }
    )


def _usual_kind() -> str:
    """Universities visit employers; whoever else follows up."""
    is_school = user().organisation.kind is OrganisationKind.UNIVERSITY
    return str(VisitKind.ENTERPRISE_EXPANSION if is_school else VisitKind.FOLLOW_UP)


def _written(public_id: str) -> Visit | None:
    return LISTING.get(public_id, actor()) if public_id else None


def _company(form: Form, visit: Visit | None) -> Company | None:
    """Nothing before somebody is named."""
    public_id, name = str(form.value("visited")), str(form.value("visited_name")).strip()
    if not public_id and not name:
        return None
    visited = db.session.scalar(select(Organisation).where(Organisation.public_id == public_id)) if public_id else None
    key = employer_key(visited, name[:200], str(form.value("visited_uscc"))[:30])
    return company_of(key, actor(), today(), but=visit.id if visit else 0)


def _organisations(form: Form, field: str) -> list[Any]:
    chosen = str(form.value(field))
    if not chosen:
        return []
    return list(organisation_options(choices_where(Organisation.public_id == chosen, 1)))


def _industries() -> list[tuple[str, Any]]:
    rows = db.session.execute(
        select(IndustrySection.code, IndustrySection.name_zh, IndustrySection.name_en).order_by(IndustrySection.code)
    )
    return [(row.code, in_words(row.name_zh, row.name_en)) for row in rows]


def _subjects(form: Form, visit: Visit | None) -> list[tuple[str, Any]]:
    """What the visit may be about: the chosen record first, then agreements in force.

    One that the writer has lost sight of stays chosen, without its title.
    """
    chosen = str(form.value("subject"))
    options = [
        (f"{SUBJECT}:{row.public_id}", in_words(row.title_zh, row.title_en)) for row in subjects_to_offer(actor())
    ]
    if not chosen or chosen in dict(options):
        return options
    kind, _colon, public_id = chosen.partition(":")
    try:
        found = kinds.find(kind, public_id, actor())
    except NotFound:
        is_kept = visit is not None and chosen == stored(visit)["subject"]
        return [(chosen, msg("a record outside your scope")), *options] if is_kept else options
    return [(chosen, in_words(found.title_zh, found.title_en)), *options]
