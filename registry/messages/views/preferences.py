"""How one is told: the e-mail address and its proof, the topics, the quiet hours. 消息偏好."""

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...accounts.views.own import me
from ...core.access.actions import Action
from ...core.errors import Conflict, Invalid, RegistryError, Stale, TooMany
from ...core.instance import settings
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version, show_newest
from ...core.web.guard import needs
from ...core.web.schema import load
from ...core.web.throttle import slow_down
from .. import queries
from ..enums import USUAL_WAY, Topic, Via, Way
from ..models import MORNING, NIGHT, Delivery, Preference
from ..schemas import CodeSchema, EmailSchema, WishesSchema
from ..services import preferences, proving

blueprint = Blueprint("message_preferences", __name__, url_prefix="/account/messages")
LAST_MAILS = 5
# Anybody's address can be given: nobody may fill a stranger's mailbox with codes.
CODES, A_DAY = 12, 24 * 60


@blueprint.get("")
@needs(Action.MESSAGE_MANAGE_OWN)
def show() -> ResponseReturnValue:
    """What is chosen."""
    return _page()


@blueprint.post("")
@needs(Action.MESSAGE_MANAGE_OWN)
def choose() -> ResponseReturnValue:
    """Choose otherwise."""
    form = Form(form_values())
    try:
        wishes = load(WishesSchema(), _nested(form.values))
        with once.transaction() as done:
            preferences.choose(me(), wishes, row_version())
            done.at(url_for("message_preferences.show"))
    except Invalid as error:
        return _page(form=form.refused(error)), error.status
    except Stale as error:
        show_newest()
        return _page(form=form, error=error), error.status
    flash(_("Saved"), "success")
    return done.redirect()


@blueprint.post("/email")
@needs(Action.MESSAGE_MANAGE_OWN)
def ask() -> ResponseReturnValue:
    """Give an address, which gets a code."""
    form = Form(form_values())
    try:
        given = load(EmailSchema(), form.values)
        slow_down(f"codes of {me().id}", CODES, A_DAY)
        with once.transaction() as done:
            proving.ask(me(), given["email"])
            done.at(url_for("message_preferences.show"))
    except (Invalid, Conflict, TooMany) as error:
        return _refused(form, error)
    flash(_("A code is on its way to the address; enter it here within 30 minutes"), "success")
    return done.redirect()


@blueprint.post("/email/prove")
@needs(Action.MESSAGE_MANAGE_OWN)
def prove() -> ResponseReturnValue:
    """Enter the code."""
    form = Form({})
    try:
        given = load(CodeSchema(), form_values())
        with once.transaction() as done:
            proven = proving.prove(me(), given["code"])
            done.at(url_for("message_preferences.show"))
    except Invalid as error:
        return _page(code_form=form.refused(error)), error.status
    if proven:
        flash(_("The address is proven; e-mail goes there from now on"), "success")
    else:
        flash(_("This code is not right, or not any more; after five wrong ones a new one is needed"), "error")
    return done.redirect()


@blueprint.post("/email/forget")
@needs(Action.MESSAGE_MANAGE_OWN)
def forget() -> ResponseReturnValue:
    """No e-mail any more."""
    with once.transaction() as done:
        proving.forget_email(me())
        done.at(url_for("message_preferences.show"))
    flash(_("The address is forgotten; nothing is sent by e-mail any more"), "success")
    return done.redirect()


@blueprint.post("/email/test")
@needs(Action.MESSAGE_MANAGE_OWN)
def try_out() -> ResponseReturnValue:
    """See whether it arrives."""
    with once.transaction() as done:
        preferences.try_email(me())
        done.at(url_for("message_preferences.show"))
    flash(_("The test message is on its way; load this page again to see what came of it"), "success")
    return done.redirect()


def _refused(form: Form, error: RegistryError) -> ResponseReturnValue:
    if isinstance(error, Invalid):
        return _page(email_form=form.refused(error)), error.status
    return _page(email_form=Form(form.values, {"email": [error.message]})), error.status


def _page(**forms: Any) -> str:
    wish = queries.preference_of(me().id)
    mails = queries.last_deliveries(Delivery.target == f"user:{me().id}", Delivery.via == Via.EMAIL, limit=LAST_MAILS)
    return render_template(
        "messages/preferences.html",
        wish=wish,
        version=wish.row_version if wish else 0,
        can_mail=bool(settings().smtp_url),
        topics=list(Topic),
        ways=[(one, one.label) for one in Way],
        mails=mails,
        **{"email_form": Form(), "code_form": Form(), "form": restored() or _form(wish), "error": None} | forms,
    )


def _form(wish: Preference | None) -> Form:
    chosen = {row.topic: row.way for row in wish.topics} if wish else {}
    ways = {f"way-{topic}": str(chosen.get(topic, USUAL_WAY[topic])) for topic in Topic}
    return Form(
        {
            **ways,
            "quiet_from": f"{wish.quiet_from if wish else NIGHT:%H:%M}",
            "quiet_until": f"{wish.quiet_until if wish else MORNING:%H:%M}",
            "working_days_only": wish.working_days_only if wish else True,
        }
    )


def _nested(values: Any) -> dict[str, Any]:
    """`way-task` → {"ways": {"task": …}}."""
    ways = {name.removeprefix("way-"): value for name, value in values.items() if name.startswith("way-")}
    return {name: value for name, value in values.items() if not name.startswith("way-")} | {"ways": ways}
