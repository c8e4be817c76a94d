"""Changing an agreement in force: begin, describe, bring onto newer terms, abandon. 变更页面."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.errors import Conflict, Invalid, RegistryError, Stale
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import changes, queries
from ..content_fields import label_of, written
from ..inputs import ChangeDetails
from ..merging import Merge, Side
from ..models import Agreement, RevisionKind
from ..participants import CHANGE
from ..schemas.life import ChangeSchema, NewChangeSchema
from ..services import rebasing, revising, revisions
from .blueprint import blueprint
from .steps import act_with_reason, user

LISTS = ("leaving",)
ABOUT = {
    RevisionKind.AMENDMENT: msg("Terms change: articles, term, commitments, funding."),
    RevisionKind.CORRECTION: msg("A clerical error in the wording; what was agreed stays as it is."),
    RevisionKind.ACCESSION: msg("Another party joins; the present ones stay."),
    RevisionKind.WITHDRAWAL: msg("A party leaves by its own signature; the others stay bound."),
    RevisionKind.TERMINATION: msg(
        "All parties end it together. A notice by one party is recorded on the agreement's page."
    ),
}
SIDES = {Side.MINE: msg("The draft's text"), Side.THEIRS: msg("The text in force")}


@blueprint.get("/agreements/<public_id>/revise")
@needs(Action.AGREEMENT_REVISE)
def revise_form(public_id: str) -> ResponseReturnValue:
    """Which kind of change, and why."""
    agreement = queries.get_visible(public_id, actor())
    decide(actor(), Action.AGREEMENT_REVISE, agreement).enforce()
    if agreement.open_revision is not None:
        raise Conflict(revising.ALREADY_OPEN)
    return _form_page(agreement, Form({"kind": str(RevisionKind.AMENDMENT)}), begins=True)


@blueprint.post("/agreements/<public_id>/revise")
@needs(Action.AGREEMENT_REVISE)
def revise(public_id: str) -> ResponseReturnValue:
    """Begin the change; one that restates the text goes on to the sheet."""
    form = Form(form_values(lists=LISTS))
    try:
        kind = load(NewChangeSchema(), _only(form, "kind"))["kind"]
        details = _details(form)
        with once.transaction() as done:
            agreement = queries.get_for_change(public_id, actor(), row_version())
            revising.begin(agreement, kind, details, user())
            page = "agreements.show" if kind in changes.SHORT else "agreements.edit"
            done.at(url_for(page, public_id=public_id))
    except Invalid as error:
        return _form_page(queries.get_visible(public_id, actor()), form.refused(error), begins=True), 422
    flash(str(msg("The change is begun; what is in force stays as it is until everybody has signed")), "success")
    return done.redirect()


@blueprint.get("/agreements/<public_id>/change")
@needs(Action.AGREEMENT_EDIT)
def describe_form(public_id: str) -> ResponseReturnValue:
    """Reason, day, who leaves, arrangements of the change that is drafted."""
    agreement = _drafted(public_id)
    said = revisions.open_revision(agreement).content[CHANGE]
    leaving = [str(line["position"]) for line in said["leaving"]]
    kept = {name: said[name] or "" for name in ("reason", "effective_from", "arrangements")}
    return _form_page(agreement, Form(kept | {"kind": said["kind"], "leaving": leaving}))


@blueprint.post("/agreements/<public_id>/change")
@needs(Action.AGREEMENT_EDIT)
def describe(public_id: str) -> ResponseReturnValue:
    """Keep what was typed."""
    form = Form(form_values(lists=LISTS))
    agreement = _drafted(public_id)
    kind = revisions.open_revision(agreement).kind
    try:
        details = _details(form)
        with once.transaction() as done:
            revising.describe(queries.get_for_change(public_id, actor(), row_version()), details, user())
            done.at(url_for("agreements.show", public_id=public_id))
    except (Invalid, Stale) as error:
        return _refused(public_id, form, kind, error)
    flash(str(msg("The draft is saved")), "success")
    return done.redirect()


def _refused(public_id: str, form: Form, kind: RevisionKind, error: RegistryError) -> ResponseReturnValue:
    kept = Form({**form.values, "kind": str(kind)})
    kept = kept.refused(error) if isinstance(error, Invalid) else kept
    stale = error if isinstance(error, Stale) else None
    return _form_page(queries.get_visible(public_id, actor()), kept, stale=stale), error.status


def _drafted(public_id: str) -> Agreement:
    agreement = queries.get_visible(public_id, actor())
    decide(actor(), Action.AGREEMENT_EDIT, agreement).enforce()
    revision = agreement.open_revision
    if revision is None or not revision.is_follow_up:
        raise Conflict(msg("No change of this agreement is being drafted"))
    return agreement


def _details(form: Form) -> ChangeDetails:
    details: ChangeDetails = load(ChangeSchema(), _only(form, "reason", "effective_from", "arrangements", *LISTS))
    return details


def _only(form: Form, *names: str) -> dict[str, Any]:
    return {name: form.values[name] for name in names if name in form.values}


def _form_page(agreement: Agreement, form: Form, *, begins: bool = False, stale: Stale | None = None) -> str:
    kinds = [kind for kind in changes.FOLLOW_UPS if kind is not RevisionKind.WITHDRAWAL or len(agreement.parties) > 2]
    return render_template(
        "agreements/revise.html",
        agreement=agreement,
        form=form,
        begins=begins,
        stale=stale,
        kinds=kinds,
        about=ABOUT,
        may_leave=[party for party in agreement.parties if party.organisation_id != agreement.owner_id],
        shorts=changes.SHORT,
    )


@blueprint.post("/agreements/<public_id>/abandon")
@needs(Action.AGREEMENT_ABANDON)
def abandon(public_id: str) -> ResponseReturnValue:
    """Give the change up."""
    return act_with_reason(public_id, "abandon", msg("The change was given up"), revising.abandon)


@blueprint.get("/agreements/<public_id>/merge")
@needs(Action.AGREEMENT_MERGE)
def merge_form(public_id: str) -> ResponseReturnValue:
    """Base, draft and terms in force side by side, where both changed."""
    agreement = queries.get_visible(public_id, actor())
    decide(actor(), Action.AGREEMENT_MERGE, agreement).enforce()
    return _merge_page(agreement, Form())


@blueprint.post("/agreements/<public_id>/merge")
@needs(Action.AGREEMENT_MERGE)
def merge(public_id: str) -> ResponseReturnValue:
    """Bring the draft onto the terms in force, as chosen."""
    form = Form(form_values())
    chosen = {tuple(name.split("/")): Side(value) for name, value in request.form.items() if value in set(Side)}
    try:
        with once.transaction() as done:
            rebasing.bring_forward(queries.get_for_change(public_id, actor(), row_version()), chosen, user())
            done.at(url_for("agreements.show", public_id=public_id))
    except Invalid as error:
        return _merge_page(queries.get_visible(public_id, actor()), form.refused(error)), 422
    flash(str(msg("The draft stands on the terms in force now; look it through")), "success")
    return done.redirect()


def _merge_page(agreement: Agreement, form: Form) -> str:
    outcome: Merge = rebasing.merged(agreement)
    revision, base, effective = rebasing.three(agreement)
    contents = (revision.content, effective.content, base.content)
    return render_template(
        "agreements/merge.html",
        agreement=agreement,
        form=form,
        revision=revision,
        effective=effective,
        clashes=[(written(clash.path), label_of(clash.path, *contents), clash) for clash in outcome.clashes],
        taken=[(label_of(path, *contents), outcome.fields.get(path)) for path in outcome.taken],
        sides=list(SIDES.items()),
    )
