"""Every component in every state, for whoever builds pages; in demo mode and tests only. 组件样张."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from flask import Blueprint, Flask, abort, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ..config import Settings
from ..errors import Conflict, Invalid, Stale, Unmet
from ..i18n import msg
from . import once
from .forms import Form, form_values, restored
from .paging import Page, page_number

blueprint = Blueprint("styleguide", __name__, url_prefix="/styleguide")


@dataclass(frozen=True)
class Row:
    """A made-up line of a list."""

    number: str
    city: str
    university: str
    status: str
    tone: str
    signed: date | None


STATUSES = (
    ("draft", msg("Draft"), ""),
    ("review", msg("Under review"), "info"),
    ("in_force", msg("In force"), "ok"),
    ("expiring", msg("Expiring soon"), "warn"),
    ("overdue", msg("Overdue"), "bad"),
)
CITIES = ("沈阳", "大连", "鞍山", "抚顺", "本溪")
UNIVERSITIES = (
    ("10145", "东北大学", "dongbeidaxue", "dbdx"),
    ("10141", "大连理工大学", "dalianligongdaxue", "dllgdx"),
    ("10699", "西北工业大学", "xibeigongyedaxue", "xbgydx"),
    ("10697", "西北大学", "xibeidaxue", "xbdx"),
    ("10183", "吉林大学", "jilindaxue", "jldx"),
)


def install(app: Flask) -> None:
    """Register the pages where nobody works for real."""
    settings: Settings = app.extensions["settings"]
    if settings.demo or settings.testing:
        app.register_blueprint(blueprint)


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The page; `?flash=1` adds messages."""
    if request.args.get("flash"):
        flash(_("Saved"), "ok")
        flash(_("Two conditions are still open"), "warn")
    return _page(restored(url_for("styleguide.sent")) or Form({"kind": "framework"}))


@blueprint.post("")
def sent() -> ResponseReturnValue:
    """Take the sample form: an empty name is refused, anything else leads back."""
    form = Form(form_values())
    if not form.value("name"):
        wrong = {
            "name": [msg("This field is required")],
            "signed_on": [msg("The date %(text)s does not exist", text="2026-02-30")],
            "kind": [msg("Choose one of the listed values")],
            "": [msg("At least two parties are needed")],
        }
        return _page(form.refused(Invalid(wrong))), 422
    with once.transaction() as done:
        done.at(url_for("styleguide.index", flash=1))
    return done.redirect()


@blueprint.get("/suggest")
def suggest() -> ResponseReturnValue:
    """What a combobox asks for while somebody types."""
    wish = request.args.get("q", "").lower()
    found = [row for row in UNIVERSITIES if any(wish in text for text in row)]
    return jsonify([{"id": code, "name": name, "hint": code} for code, name, _pinyin, _initials in found])


@blueprint.get("/problem/<int:status>")
def problem(status: int) -> ResponseReturnValue:
    """An error page."""
    if status == 409:
        change = {"who": "测试用户", "when": None, "field": _("Name"), "before": "甲", "after": "乙"}
        raise Stale(changes=[change])
    if status == 422:
        raise Invalid({"name": [msg("This field is required")]})
    if status == 423:
        raise Unmet([msg("At least two parties are needed"), msg("The date of signing is missing")])
    if status == 500:
        raise RuntimeError("asked for by the style guide")
    if status == 410:
        raise Conflict
    abort(status)


def _page(form: Form) -> str:
    wrong = form if form.has_errors else form.refused(Invalid({"wrong": [msg("This field is required")]}))
    return render_template(
        "styleguide.html",
        form=form,
        wrong=wrong,
        page=Page(_rows(), page_number(), 187),
        capped=Page([], 7, 5_000),
        statuses=STATUSES,
        universities=[
            {"value": code, "label": name, "hint": code, "pinyin": pinyin, "initials": initials}
            for code, name, pinyin, initials in UNIVERSITIES
        ],
        university=_university(),
    )


def _rows() -> list[Row]:
    return [
        Row(
            number=f"LN-2103-2026-{place:04}",
            city=CITIES[place % 5],
            university=UNIVERSITIES[place * 2 % 5][1],
            status=str(STATUSES[place % 5][1]),
            tone=STATUSES[place % 5][2],
            signed=date(2026, place, 18) if place % 5 else None,
        )
        for place in range(1, 8)
    ]


def _university() -> SimpleNamespace:
    region = SimpleNamespace(name_zh="陕西省西安市", name_en="Xi'an, Shaanxi")
    return SimpleNamespace(
        name_zh="西北工业大学",
        name_en="Northwestern Polytechnical University",
        region=region,
        moe_code="10699",
        uscc=None,
    )
