"""The page of one base, its form, and giving it up."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import RegistryError
from ...core.i18n import msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.words import legal_date
from ...organisations.models import Organisation, OrganisationKind
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import organisation_options
from ...records.views.pages import Pages, Shown, reason, user
from .. import services
from ..enums import BaseKind, BaseLevel
from ..models import InternshipBase, retention
from ..queries import LISTING
from ..schemas import base_from
from .blueprint import blueprint

PLAIN = (
    "title_zh", "title_en", "kind", "level", "employer_as_reported", "uscc", "approval_no", "expires_on", "posts",
    "on_post", "completed", "retained", "remark", "source",
)  # fmt: skip


def render(base: InternshipBase, shown: Shown) -> str:
    """The page of one base."""
    share = retention(base.completed, base.retained)
    return render_template("bases/show.html", base=base, shown=shown, retention=share, today=today())


def form_page(form: Form, base: InternshipBase | None, error: RegistryError | None) -> str:
    """The form; the organisations that were chosen stand in their lists."""
    return render_template(
        "bases/form.html",
        form=form,
        base=base,
        error=error,
        employers=_chosen(form, "employer"),
        universities=_chosen(form, "university"),
        kinds=[(str(one), one.label) for one in BaseKind],
        levels=[(str(one), one.label) for one in BaseLevel],
    )


def _chosen(form: Form, name: str) -> list[Any]:
    value = str(form.value(name))
    return organisation_options(choices_where(Organisation.public_id == value, 1)) if value else []


PAGES = Pages("bases.show", LISTING, render, form_page)


@blueprint.get("/bases/new")
@needs(Action.BASE_ADD)
def new() -> ResponseReturnValue:
    """An empty form; a university or an employer is named itself."""
    own = user().organisation
    side = {OrganisationKind.UNIVERSITY: "university", OrganisationKind.ENTERPRISE: "employer"}.get(own.kind)
    return PAGES.new({side: own.public_id} if side else {})


@blueprint.post("/bases/new")
@needs(Action.BASE_ADD)
def create() -> ResponseReturnValue:
    """Enter a base."""
    return PAGES.create(lambda values, by: services.enter(base_from(values), by), msg("The base is saved"))


@blueprint.get("/bases/<public_id>")
@needs(Action.BASE_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One base: whose, of which level, how many people."""
    return PAGES.show(public_id)


@blueprint.get("/bases/<public_id>/edit")
@needs(Action.BASE_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form of a base."""
    base = LISTING.get(public_id, actor())
    decide(actor(), Action.BASE_EDIT, base).enforce()
    return PAGES.edit(base, _stored(base))


@blueprint.post("/bases/<public_id>/edit")
@needs(Action.BASE_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Change a base."""

    def change(base: InternshipBase, values: Mapping[str, Any], by: User) -> None:
        services.edit(base, base_from(values), by)

    return PAGES.save(public_id, change, msg("The base is saved"))


@blueprint.post("/bases/<public_id>/close")
@needs(Action.BASE_CLOSE)
def close(public_id: str) -> ResponseReturnValue:
    """Give it up, with a reason."""
    return PAGES.act(public_id, "close", msg("The base is given up"), lambda one, by: services.close(one, reason(), by))


def _stored(base: InternshipBase) -> dict[str, Any]:
    stored: dict[str, Any] = {name: getattr(base, name) for name in PLAIN}
    stored["approved_on"] = legal_date(base.approved_on, base.approved_precision).replace("—", "")
    stored["employer"] = base.employer.public_id if base.employer else ""
    stored["university"] = base.university.public_id if base.university else ""
    return {name: "" if value is None else value for name, value in stored.items()}
