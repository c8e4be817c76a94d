"""The page of one promise: what was promised, how it is counted, its periods; and how it is described. 承诺页面."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.errors import RegistryError
from ...core.i18n import msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...records import kinds
from ...records.views.pages import Pages, Shown, reason
from ...tasks.enums import Light
from ...tasks.queries import horizon_now
from .. import policy, proofs
from ..enums import Category, Comparator, Curve, Measure, Recurrence, VerifyRule
from ..models import Commitment
from ..queries import LISTING, periods_of
from ..schemas import WEIGHTS, description_from
from ..services import describing, marking
from .articles import article_of, text_behind
from .blueprint import blueprint
from .periods import shown_period

LISTS = ("evidence_kinds", "obligors")
CHOICES: Mapping[str, type[StrEnum]] = {
    "categories": Category,
    "curves": Curve,
    "verify_rules": VerifyRule,
    "measures": Measure,
    "comparators": Comparator,
    "recurrences": Recurrence,
}


def render(commitment: Commitment, shown: Shown) -> str:
    """The page of one promise."""
    sky, periods = horizon_now(), periods_of(commitment)
    text = text_behind(commitment)
    found = proofs.shown((one for period in periods for one in period.evidence), actor())
    return render_template(
        "commitments/show.html",
        commitment=commitment,
        shown=shown,
        periods=[shown_period(period, sky, actor(), found) for period in periods],
        today=sky.today,
        text=text,
        article=article_of(commitment, text),
        evidence_kinds=[kind.label for kind in kinds.known() if kind.code in commitment.evidence_kinds],
        all_lights=list(Light),
        may_describe=policy.may_describe(actor(), commitment),
        may_accept=policy.may_accept(actor(), commitment),
        waiting=policy.waiting_to_accept(commitment),
    )


def render_refused(commitment: Commitment, error: RegistryError) -> str:
    """The page after an act that came too late."""
    return render(commitment, Shown(error))


def options() -> Mapping[str, Any]:
    """What the forms of promises offer to choose from."""
    codes = {name: [(str(one), getattr(one, "label", one)) for one in kind] for name, kind in CHOICES.items()}
    able = [(kind.code, kind.label) for kind in kinds.known() if kind.between is not None]
    return {**codes, "kinds": able, "weights": list(enumerate(WEIGHTS, start=1))}


def describe_page(form: Form, commitment: Commitment | None, error: RegistryError | None) -> str:
    """The form of a description."""
    return render_template("commitments/describe.html", form=form, commitment=commitment, error=error, **options())


PAGES = Pages("commitments.show", LISTING, render, describe_page, LISTS)


@blueprint.get("/commitments/<public_id>")
@needs(Action.COMMITMENT_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One promise."""
    return PAGES.show(public_id)


@blueprint.get("/commitments/<public_id>/describe")
@needs(Action.COMMITMENT_DESCRIBE)
def describe(public_id: str) -> ResponseReturnValue:
    """The form of what is known beyond the signed text."""
    commitment = LISTING.get(public_id, actor())
    policy.may_describe(actor(), commitment).enforce()
    return PAGES.edit(commitment, stored(commitment))


def stored(commitment: Commitment) -> dict[str, Any]:
    """As the form shows it."""
    weights = dict(zip(WEIGHTS, commitment.weights, strict=False))
    return {
        "category": commitment.category,
        "curve": commitment.curve,
        "verify_rule": commitment.verify_rule,
        "evidence_kinds": commitment.evidence_kinds,
        **weights,
    }


@blueprint.post("/commitments/<public_id>/describe")
@needs(Action.COMMITMENT_DESCRIBE)
def save_description(public_id: str) -> ResponseReturnValue:
    """Describe it."""

    def change(commitment: Commitment, values: Mapping[str, Any], by: User) -> None:
        describing.describe(commitment, description_from(values), by)

    return PAGES.save(public_id, change, msg("The description is saved"))


@blueprint.post("/commitments/<public_id>/accept")
@needs(Action.COMMITMENT_ACCEPT)
def accept(public_id: str) -> ResponseReturnValue:
    """Take it for promised."""
    return PAGES.act(public_id, "accept", msg("You accepted the promise"), marking.accept)


@blueprint.post("/commitments/<public_id>/decline")
@needs(Action.COMMITMENT_ACCEPT)
def decline(public_id: str) -> ResponseReturnValue:
    """It was not promised."""
    done = msg("You declined the promise")
    return PAGES.act(public_id, "decline", done, lambda one, by: marking.decline(one, reason(), by))
