"""The end of an agreement: renewal, notice, termination, completion. 续签与终结页面."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.errors import Conflict, NotFound
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from ...documents import store, uploads
from .. import queries
from ..models import Agreement
from ..schemas.life import NoticeSchema, RenewalSchema
from ..services import ending, renewal
from . import page
from .blueprint import blueprint
from .files import given_file, sent_file
from .steps import act, act_with_reason, user

NOTICE_FIELDS = ("party", "received_on", "notice_days", "reason")


@blueprint.post("/agreements/<public_id>/renewal-decision")
@needs(Action.AGREEMENT_DECIDE_RENEWAL)
def decide_renewal(public_id: str) -> ResponseReturnValue:
    """Renew, let it expire, or not decided yet."""

    def do(agreement: Agreement, by: User) -> None:
        said = load(RenewalSchema(), {name: request.form.get(name, "") for name in ("decision", "reason")})
        renewal.decide_renewal(agreement, said["decision"], said["reason"], by)

    return act(public_id, "renewal", msg("The decision is recorded"), do)


@blueprint.get("/agreements/<public_id>/renew")
@needs(Action.AGREEMENT_RENEW)
def renew_form(public_id: str) -> ResponseReturnValue:
    """Which commitments the renewal takes over."""
    agreement = queries.get_visible(public_id, actor())
    decide(actor(), Action.AGREEMENT_RENEW, agreement).enforce()
    if renewal.renewal_of(agreement) is not None:
        raise Conflict(renewal.BEGUN)
    rows = ending.commitments_of(agreement)
    form = Form({"carried": [row["code"] for row in rows]})
    return render_template("agreements/renew.html", agreement=agreement, form=form, commitments=rows)


@blueprint.post("/agreements/<public_id>/renew")
@needs(Action.AGREEMENT_RENEW)
def renew(public_id: str) -> ResponseReturnValue:
    """Begin the renewal: a draft of its own, which the handler goes on with."""
    carried = frozenset(request.form.getlist("carried"))
    with once.transaction() as done:
        made = renewal.renew(queries.get_for_change(public_id, actor(), row_version()), carried, user())
        done.at(url_for("agreements.edit", public_id=made.public_id))
    flash(str(msg("The renewal is begun with the terms in force; give it its new term")), "success")
    return done.redirect()


@blueprint.post("/agreements/<public_id>/notice")
@needs(Action.AGREEMENT_GIVE_NOTICE)
def give_notice(public_id: str) -> ResponseReturnValue:
    """A party's written notice with its document."""
    form = Form(form_values())
    agreement = queries.get_visible(public_id, actor())
    decide(actor(), Action.AGREEMENT_GIVE_NOTICE, agreement).enforce()
    try:
        details = load(NoticeSchema(), {name: request.form.get(name, "") for name in NOTICE_FIELDS})
        data, filename = given_file()
        checked = uploads.inspect(data, filename)
        kept = store.put(data, checked.media_type)
        with once.transaction() as result:
            agreement = queries.get_for_change(public_id, actor(), row_version())
            ending.give_notice(agreement, details, store.register(kept), checked.filename, user())
            result.at(url_for("agreements.show", public_id=public_id))
    except page.REFUSALS as error:
        return page.render(queries.get_visible(public_id, actor()), error, form, "notice")
    flash(str(msg("The notice is recorded")), "success")
    return result.redirect()


@blueprint.get("/agreements/<public_id>/notice")
@needs(Action.AGREEMENT_DOWNLOAD)
def notice(public_id: str) -> ResponseReturnValue:
    """The notice itself; an audit event like any download."""
    agreement = queries.get_visible(public_id, actor())
    found = queries.notice_of(agreement)
    if found is None:
        raise NotFound
    return sent_file(agreement, found.file, found.filename)


@blueprint.post("/agreements/<public_id>/withdraw-notice")
@needs(Action.AGREEMENT_GIVE_NOTICE)
def withdraw_notice(public_id: str) -> ResponseReturnValue:
    """The notice was taken back."""
    return act_with_reason(public_id, "withdraw_notice", msg("The notice counts no more"), ending.withdraw_notice)


@blueprint.post("/agreements/<public_id>/terminate")
@needs(Action.AGREEMENT_TERMINATE)
def terminate(public_id: str) -> ResponseReturnValue:
    """End it by the notice whose period has passed."""
    return act(public_id, "terminate", msg("The agreement is terminated"), ending.terminate)


@blueprint.post("/agreements/<public_id>/complete")
@needs(Action.AGREEMENT_COMPLETE)
def complete(public_id: str) -> ResponseReturnValue:
    """Close it as completed."""
    return act(public_id, "complete", msg("The agreement is completed"), ending.complete)
