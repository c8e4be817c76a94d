"""Entering a draft: choosing the model text, filling in the sheet, changing it until it goes to review."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.errors import Invalid, Stale
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import restored, row_version
from ...core.web.guard import actor, needs
from .. import queries
from ..models import Agreement, AgreementKind, AgreementRevision, PartyRole
from ..schemas.entry import draft_from
from ..schemas.rows import flat, nested
from ..services import entry, revising, revisions
from ..texts.catalogue import all_templates, get_template, kinds_with_template
from ..texts.template import ModelTemplate
from . import historic
from .blueprint import blueprint
from .differences import differences
from .sheet import Sheet, fresh, preview, sent, stored, wish, with_titles
from .steps import user

OWN_TEXT = "own"
ABOUT = {
    "framework": msg(
        "A locality and a university agree on what they will do together every year; money is left to later papers."
    ),
    "workstation": msg("One or several localities and a university run a talent workstation on campus."),
    "docking": msg("Two liaison departments write down who talks to whom, how often and about what; not binding."),
    "strategic": msg("Three or more regions work together, with a chair that rotates and a cell for each signature."),
}
SAVE = ("", "save")


@blueprint.get("/agreements/new")
@needs(Action.AGREEMENT_REGISTER)
def choose() -> ResponseReturnValue:
    """Which model text to begin with."""
    return render_template("agreements/choose.html", templates=all_templates(), about=ABOUT)


@blueprint.get("/agreements/new/<code>")
@needs(Action.AGREEMENT_REGISTER)
def new(code: str) -> ResponseReturnValue:
    """An empty sheet, or what was typed when the session ended."""
    template = _template(code)
    kept = restored()
    sheet = Sheet(template, nested(kept.values)) if kept else fresh(template, user().organisation)
    return _new_page(code, sheet)


@blueprint.post("/agreements/new/<code>")
@needs(Action.AGREEMENT_REGISTER)
def create(code: str) -> ResponseReturnValue:
    """Enter the draft; other buttons only change the sheet."""
    sheet = sent(_template(code))
    if wish() not in SAVE:
        return _new_page(code, sheet)
    sheet = with_titles(sheet)
    try:
        draft = draft_from(sheet.values, sheet.template)
        with once.transaction() as done:
            agreement = entry.register(draft, user())
            done.at(url_for("agreements.show", public_id=agreement.public_id))
    except Invalid as error:
        return _new_page(code, sheet.refused(error)), 422
    flash(str(msg("The draft is saved")), "success")
    return done.redirect()


@blueprint.post("/agreements/preview/<code>")
@needs(Action.AGREEMENT_REGISTER)
def show_preview(code: str) -> ResponseReturnValue:
    """The part of the page that shows the paper, for the script that keeps it up to date."""
    sheet = sent(_template(code))
    if changed := request.args.get("of"):
        before = _stored(_editable(changed))
        sheet = replace(sheet, letters=before.letters, without=before.without)
    return render_template("agreements/_preview.html", preview=preview(sheet))


@blueprint.get("/agreements/<public_id>/edit")
@needs(Action.AGREEMENT_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The sheet of a draft, or the form of a historic record that nobody has confirmed."""
    agreement = _editable(public_id)
    if agreement.is_historic:
        return historic.edit(agreement)
    kept, sheet = restored(), _stored(agreement)
    return _edit_page(agreement, replace(sheet, values=nested(kept.values)) if kept else sheet)


@blueprint.post("/agreements/<public_id>/edit")
@needs(Action.AGREEMENT_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Change the draft; other buttons only change the sheet."""
    agreement = _editable(public_id)
    if agreement.is_historic:
        return historic.save(agreement)
    before = _stored(agreement)
    sheet = replace(sent(before.template), letters=before.letters, without=before.without)
    if wish() not in SAVE:
        return _edit_page(agreement, sheet)
    sheet = with_titles(sheet)
    try:
        draft = draft_from(sheet.values, sheet.template)
        with once.transaction() as done:
            entry.edit(queries.get_for_change(public_id, actor(), row_version()), draft, user())
            done.at(url_for("agreements.show", public_id=public_id))
    except Invalid as error:
        return _edit_page(_editable(public_id), sheet.refused(error)), 422
    except Stale as error:
        return _stale_page(_editable(public_id), sheet, error), 409
    flash(str(msg("The draft is saved")), "success")
    return done.redirect()


def _template(code: str) -> ModelTemplate | None:
    """The model text named in the address; None for a text of one's own."""
    template = get_template(code)
    if template is None and code != OWN_TEXT:
        abort(404)
    return template


def _editable(public_id: str) -> Agreement:
    agreement = queries.get_visible(public_id, actor())
    decide(actor(), Action.AGREEMENT_EDIT, agreement).enforce()
    return agreement


def _stored(agreement: Agreement) -> Sheet:
    representatives = {party.position: party.snapshot_representative for party in agreement.parties}
    revision = revisions.open_revision(agreement)
    return replace(stored(revision.content, representatives), letters=_letters(agreement, revision))


def _letters(agreement: Agreement, revision: AgreementRevision) -> dict[str, int]:
    """The positions that a change leaves to the parties; a first text numbers its parties as they stand."""
    kept = revising.lettered(agreement) if revision.is_follow_up else ()
    return {party.organisation.public_id: party.position for party in kept if party.organisation}


def _new_page(code: str, sheet: Sheet) -> str:
    return _page("agreements/new.html", sheet, code=code)


def _edit_page(agreement: Agreement, sheet: Sheet, **more: Any) -> str:
    code = sheet.template.code if sheet.template else OWN_TEXT
    return _page("agreements/edit.html", sheet, code=code, agreement=agreement, **more)


def _stale_page(agreement: Agreement, sheet: Sheet, error: Stale) -> str:
    """Both values of every field that differs; sending it again means to know the newer ones."""
    differing = differences(flat(_stored(agreement).values), flat(sheet.values))
    return _edit_page(agreement, sheet, stale=error, differing=differing)


def _page(name: str, sheet: Sheet, **more: Any) -> str:
    kinds = [kind for kind in AgreementKind if kind not in kinds_with_template()]
    return render_template(
        name,
        sheet=sheet,
        form=sheet.form,
        template=sheet.template,
        kinds=kinds,
        preview=preview(sheet),
        party_roles=PartyRole,
        party_titles=historic.called(sheet.lines, sheet.template),
        **more,
    )
