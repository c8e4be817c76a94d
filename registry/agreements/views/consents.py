"""Consent of a superior department: filing it, taking a wrong one back. 主管部门同意文件。"""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, row_version
from ...core.web.guard import actor, needs
from .. import queries
from ..services import consents
from . import page
from .blueprint import blueprint
from .files import document_of, store_upload
from .steps import act, party_of, reason, user


@blueprint.post("/agreements/<public_id>/consent")
@needs(Action.AGREEMENT_ATTACH_CONSENT)
def attach_consent(public_id: str) -> ResponseReturnValue:
    """The department's consent for one party; looked at and stored before the transaction."""
    form = Form(form_values())
    decide(actor(), Action.AGREEMENT_ATTACH_CONSENT, queries.get_visible(public_id, actor())).enforce()
    try:
        checked, kept = store_upload()
        with once.transaction() as result:
            agreement = queries.get_for_change(public_id, actor(), row_version())
            party = party_of(agreement, request.form.get("party", ""))
            consents.attach(agreement, party, kept, checked.filename, user())
            result.at(url_for("agreements.show", public_id=public_id))
    except page.REFUSALS as error:
        return page.render(queries.get_visible(public_id, actor()), error, form, "consent")
    flash(str(msg("The file is stored")), "success")
    return result.redirect()


@blueprint.post("/agreements/<public_id>/consent/<document_id>/void")
@needs(Action.AGREEMENT_ATTACH_CONSENT)
def void_consent(public_id: str, document_id: str) -> ResponseReturnValue:
    """Take a wrong one back, with a reason; the file stays and is marked void."""
    return act(
        public_id,
        f"remove-{document_id}",
        msg("The file is marked void"),
        lambda agreement, by: consents.void(agreement, document_of(agreement, document_id), reason(), by),
    )
