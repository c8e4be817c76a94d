"""Entering an agreement that was signed before it was entered 补录: what the source does not say stays empty."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.errors import Invalid, Stale
from ...core.i18n import Message, msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import actor, needs
from ...core.web.words import legal_date
from .. import picker, queries
from ..labels import party_label
from ..models import Agreement, AgreementKind, AgreementParty, PartyRole
from ..schemas.entry import TERM_LENGTH, TERM_OPEN, TERM_UNTIL, historic_from
from ..schemas.rows import Row, Values, changed, flat, nested
from ..services import entry
from ..texts.sides import titles
from ..texts.template import ModelTemplate
from .blueprint import blueprint
from .differences import differences
from .sheet import BLANK_ROWS, WISH, wish
from .steps import user

SAVE = ("", "save")
SAVED = msg("The record is saved; a second person has to confirm it")


@blueprint.get("/agreements/record")
@needs(Action.AGREEMENT_RECORD)
def record_form() -> ResponseReturnValue:
    """An empty form, or what was typed when the session ended."""
    kept = restored()
    return _page("agreements/record.html", nested(kept.values) if kept else _fresh())


@blueprint.post("/agreements/record")
@needs(Action.AGREEMENT_RECORD)
def record() -> ResponseReturnValue:
    """Enter the record; other buttons only change the form."""
    values = _sent()
    if wish() not in SAVE:
        return _page("agreements/record.html", values)
    try:
        given = historic_from(values)
        with once.transaction() as done:
            agreement = entry.record(given, user())
            done.at(url_for("agreements.show", public_id=agreement.public_id))
    except Invalid as error:
        return _page("agreements/record.html", values, error), 422
    flash(str(SAVED), "success")
    return done.redirect()


def edit(agreement: Agreement) -> ResponseReturnValue:
    """The form of a record that nobody has confirmed; `entry.edit` has looked whether it may be changed."""
    kept = restored()
    values = nested(kept.values) if kept else _stored(agreement)
    return _page("agreements/record.html", values, agreement=agreement)


def save(agreement: Agreement) -> ResponseReturnValue:
    """Change the record."""
    values, public_id = _sent(), agreement.public_id
    if wish() not in SAVE:
        return _page("agreements/record.html", values, agreement=agreement)
    try:
        given = historic_from(values)
        with once.transaction() as done:
            entry.correct(queries.get_for_change(public_id, actor(), row_version()), given, user())
            done.at(url_for("agreements.show", public_id=public_id))
    except Invalid as error:
        return _page("agreements/record.html", values, error, agreement=queries.get_visible(public_id, actor())), 422
    except Stale as error:
        return _stale_page(queries.get_visible(public_id, actor()), values, error), 409
    flash(str(SAVED), "success")
    return done.redirect()


def _stale_page(agreement: Agreement, values: Values, error: Stale) -> str:
    differing = differences(flat(_stored(agreement)), flat(values))
    return _page("agreements/record.html", values, agreement=agreement, stale=error, differing=differing)


def _sent() -> Values:
    """What was sent; empty lines of the parties go when it is saved, so that messages find their lines."""
    values = nested(form_values())
    pressed = str(values.pop(WISH, ""))
    if pressed not in SAVE:
        return changed(values, pressed, BLANK_ROWS)
    named = [row for row in values["parties"] if row.get("organisation") or row.get("name_as_reported", "").strip()]
    return values | {"parties": named or values["parties"]}


def _fresh() -> Values:
    lines = [
        {"organisation": user().organisation.public_id, "role": str(PartyRole.LEAD)},
        dict(BLANK_ROWS["parties"]),
    ]
    return {"parties": lines, "kind": str(AgreementKind.FRAMEWORK), "term_kind": "", "term_unit": "years"}


def _stored(agreement: Agreement) -> Values:
    """The form's fields as the record has them."""
    texts = ("title_zh", "title_en", "number", "source", "source_url", "signing_place")
    months, last = agreement.term_months, agreement.expires_on
    kind = TERM_OPEN if agreement.open_ended else TERM_LENGTH if months else TERM_UNTIL if last else ""
    return {
        "parties": [_row(party) for party in agreement.parties],
        "kind": str(agreement.kind),
        **{name: getattr(agreement, name) or "" for name in texts},
        "signed_on": legal_date(agreement.signed_on, agreement.signed_precision).replace("—", ""),
        "effective_on": str(agreement.effective_on or ""),
        "term_kind": kind,
        "term_length": str((months // 12 if months and not months % 12 else months) or ""),
        "term_unit": "months" if months and months % 12 else "years",
        "expires_on": str(last or "") if kind == TERM_UNTIL else "",
    }


def _row(party: AgreementParty) -> Row:
    return {
        "organisation": party.organisation.public_id if party.organisation else "",
        "name_as_reported": party.name_as_reported,
        "role": str(party.role),
        "department": party.department,
        "representative": party.snapshot_representative,
    }


def labels(rows: Sequence[Row]) -> list[Message]:
    """What each line of the parties is called on paper."""
    parties = [{"role": str(PartyRole.PARTY), **row, "position": at} for at, row in enumerate(rows, start=1)]
    return called(parties, None)


def called(parties: Sequence[Mapping[str, Any]], template: ModelTemplate | None) -> list[Message]:
    """What each of these parties with their positions is called on paper."""
    known = titles(parties, last_is_b=bool(template and template.last_party_is_b))
    return [known.get(party["position"]) or party_label(party["position"]) for party in parties]


def _page(name: str, values: Values, error: Invalid | None = None, **more: Any) -> str:
    form = Form(flat(values))
    return render_template(
        name,
        form=form.refused(error) if error else form,
        values=values,
        options=picker.options(values["parties"]),
        party_titles=labels(values["parties"]),
        kinds=AgreementKind,
        party_roles=PartyRole,
        **more,
    )
