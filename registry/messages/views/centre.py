"""The message centre. 消息中心."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...accounts.views.own import me
from ...core.access.actions import Action
from ...core.errors import NotFound
from ...core.web import once
from ...core.web.guard import actor, needs
from ...core.web.paging import PAGE_SIZE, Page, offset, page_number
from ...core.web.shell import local_target
from ...records import kinds
from ...records.views.addresses import capped, one_of
from .. import queries
from ..enums import Topic
from ..models import Message
from ..queries import MessageFilter
from ..services import reading

blueprint = Blueprint("messages", __name__, url_prefix="/messages")
UNREAD = "unread"


@blueprint.get("")
@needs(Action.MESSAGE_VIEW_OWN)
def index() -> ResponseReturnValue:
    """The reader's messages, the newest first."""
    number, wanted = page_number(), _wanted()
    rows = queries.list_own(actor(), wanted, offset(number), PAGE_SIZE)
    unread = queries.count_by_topic(actor())
    return render_template(
        "messages/index.html",
        page=Page(rows, number, queries.count_own(actor(), wanted)),
        wanted=wanted,
        topics=[(one, one.label, capped(unread[one]) if one in unread else None) for one in Topic],
        states=[(UNREAD, _("Unread"), capped(sum(unread.values())))],
        newest=rows[0].public_id if rows and number == 1 else "",
    )


@blueprint.get("/<public_id>")
@needs(Action.MESSAGE_VIEW_OWN)
def show(public_id: str) -> ResponseReturnValue:
    """One message, whole."""
    message = queries.get_own(public_id, actor())
    return render_template("messages/show.html", message=message, address=_subject(message))


@blueprint.post("/<public_id>/open")
@needs(Action.MESSAGE_VIEW_OWN)
def follow(public_id: str) -> ResponseReturnValue:
    """Read it, and go to what it speaks of; to the message itself where there is nothing, or nothing any more."""
    with once.transaction() as done:
        message = queries.get_own(public_id, actor())
        reading.mark_read(message)
        done.at(_subject(message) or url_for("messages.show", public_id=public_id))
    return done.redirect()


@blueprint.post("/<public_id>/read")
@needs(Action.MESSAGE_VIEW_OWN)
def read(public_id: str) -> ResponseReturnValue:
    """Read it, and stay."""
    with once.transaction() as done:
        reading.mark_read(queries.get_own(public_id, actor()))
        done.at(_back())
    return done.redirect()


@blueprint.post("/<public_id>/unread")
@needs(Action.MESSAGE_VIEW_OWN)
def keep(public_id: str) -> ResponseReturnValue:
    """Keep it for later."""
    with once.transaction() as done:
        reading.mark_unread(queries.get_own(public_id, actor()))
        done.at(_back())
    return done.redirect()


@blueprint.post("/read-all")
@needs(Action.MESSAGE_VIEW_OWN)
def read_all() -> ResponseReturnValue:
    """Everything that the page showed as the newest, and before."""
    topic = request.form.get("topic", "")
    with once.transaction() as done:
        count = reading.mark_all_read(
            me(), request.form.get("newest", "")[:26], Topic(topic) if topic in set(Topic) else None
        )
        done.at(_back())
    flash(_("%(count)s messages are marked as read", count=count), "success")
    return done.redirect()


@blueprint.get("/to/<kind>/<public_id>")
@needs(Action.MESSAGE_VIEW_OWN)
def lead(kind: str, public_id: str) -> ResponseReturnValue:
    """Where a group chat's link leads: to the record, for those who see it. Raises NotFound for others."""
    kinds.find(kind, public_id, actor())
    return redirect(url_for(kinds.kind_of(kind).endpoint, public_id=public_id), 303)


def _wanted() -> MessageFilter:
    return MessageFilter(one_of(Topic, "topic"), request.args.get("state") == UNREAD)


def _subject(message: Message) -> str:
    """Where it leads; empty where the reader does not see that (any more)."""
    if not message.has_subject:
        return ""
    try:
        kinds.find(message.subject_kind, message.subject_public_id, actor())
    except NotFound:
        return ""
    return url_for(kinds.kind_of(message.subject_kind).endpoint, public_id=message.subject_public_id)


def _back() -> str:
    return local_target(request.form.get("next"), url_for("messages.index"))
