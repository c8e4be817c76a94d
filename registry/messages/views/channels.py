"""Group chats and programs of the reader's organisation. 单位消息渠道."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...accounts.views.own import me
from ...core.access.actions import Action
from ...core.errors import Invalid, NotFound, Stale
from ...core.i18n import DEFAULT_LANGUAGE, LANGUAGES, Message, msg
from ...core.instance import settings
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version, show_newest
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import queries
from ..enums import GROUP_VIAS, SHARED_TOPICS, DeliveryStatus, Topic
from ..models import MORNING, NIGHT, Channel, Delivery
from ..schemas import ChannelSchema
from ..services import channels as services

blueprint = Blueprint("channels", __name__, url_prefix="/channels")
LISTS = ("topics",)


@blueprint.get("")
@needs(Action.CHANNEL_MANAGE)
def index() -> ResponseReturnValue:
    """What is set up."""
    rows = queries.list_channels(actor().organisation_id)
    waiting = queries.count_waiting([one.id for one in rows])
    return render_template(
        "channels/index.html", rows=rows, waiting=waiting, Status=DeliveryStatus, Topic=Topic, hosts=_hosts()
    )


@blueprint.get("/<public_id>")
@needs(Action.CHANNEL_MANAGE)
def show(public_id: str) -> ResponseReturnValue:
    """One, with what it was sent last and every attempt at it."""
    channel = queries.get_channel(public_id, actor())
    deliveries = queries.last_deliveries(Delivery.channel_id == channel.id)
    return render_template(
        "channels/show.html",
        channel=channel,
        topics=[Topic(one) for one in channel.topics],
        deliveries=deliveries,
        attempts=queries.attempts_of([one.id for one in deliveries]),
        LANGUAGES=LANGUAGES,
        Status=DeliveryStatus,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Action.CHANNEL_MANAGE)
def new() -> ResponseReturnValue:
    """Set one up."""
    if request.method == "GET":
        return _form_page(restored(lists=LISTS) or _form(None), None)
    return _saved(None, lambda given: services.add(given, me()))


@blueprint.route("/<public_id>/edit", methods=["GET", "POST"])
@needs(Action.CHANNEL_MANAGE)
def edit(public_id: str) -> ResponseReturnValue:
    """Change one; address and secret are never shown, and stay where nothing new is entered."""
    channel = queries.get_channel(public_id, actor())
    if request.method == "GET":
        return _form_page(restored(lists=LISTS) or _form(channel), channel)

    def change(given: Any) -> Channel:
        found = queries.get_channel(public_id, actor())
        services.edit(found, given, row_version(), me())
        return found

    return _saved(channel, change)


@blueprint.post("/<public_id>/switch")
@needs(Action.CHANNEL_MANAGE)
def switch(public_id: str) -> ResponseReturnValue:
    """Rest, or be used again."""
    on = request.form.get("active") == "true"
    return _act(
        public_id,
        lambda channel: services.switch(channel, on, row_version(), me()),
        msg("The channel is used again") if on else msg("The channel is switched off"),
    )


@blueprint.post("/<public_id>/test")
@needs(Action.CHANNEL_MANAGE)
def try_out(public_id: str) -> ResponseReturnValue:
    """Send a test message."""
    said = msg("The test message is on its way; load this page again to see what came of it")
    return _act(public_id, lambda channel: services.try_out(channel, me()), said)


@blueprint.post("/<public_id>/deliveries/<delivery_id>/retry")
@needs(Action.CHANNEL_MANAGE)
def retry(public_id: str, delivery_id: str) -> ResponseReturnValue:
    """Send again what was given up."""

    def again(channel: Channel) -> None:
        found = queries.last_deliveries(Delivery.public_id == delivery_id, Delivery.channel_id == channel.id)
        if not found:
            raise NotFound
        services.try_again(found[0], channel, me())

    return _act(public_id, again, msg("It is sent again"))


@blueprint.post("/<public_id>/remove")
@needs(Action.CHANNEL_MANAGE)
def remove(public_id: str) -> ResponseReturnValue:
    """Forget one."""
    with once.transaction() as done:
        services.remove(queries.get_channel(public_id, actor()), row_version(), me())
        done.at(url_for("channels.index"))
    flash(_("The channel is removed"), "success")
    return done.redirect()


def _act(public_id: str, act: Callable[[Channel], None], said: Message) -> ResponseReturnValue:
    with once.transaction() as done:
        act(queries.get_channel(public_id, actor()))
        done.at(url_for("channels.show", public_id=public_id))
    flash(str(said), "success")
    return done.redirect()


def _saved(channel: Channel | None, save: Callable[[Any], Channel]) -> ResponseReturnValue:
    form = Form(form_values(lists=LISTS))
    try:
        given = load(ChannelSchema(), form.values)
        with once.transaction() as done:
            done.at(url_for("channels.show", public_id=save(given).public_id))
    except Invalid as error:
        return _form_page(_without_secrets(form).refused(error), channel), error.status
    except Stale as error:
        show_newest()
        return _form_page(_without_secrets(form), channel, error), error.status
    flash(_("Saved"), "success")
    return done.redirect()


def _without_secrets(form: Form) -> Form:
    """What was typed, but for what must not come back in a page."""
    return Form({name: value for name, value in form.values.items() if name not in ("address", "secret")})


def _form_page(form: Form, channel: Channel | None, error: Stale | None = None) -> str:
    return render_template(
        "channels/edit.html",
        form=form,
        channel=channel,
        error=error,
        vias=[(one, one.label) for one in GROUP_VIAS],
        topics=[(one, one.label) for one in SHARED_TOPICS],
        languages=list(LANGUAGES.items()),
        hosts=_hosts(),
    )


def _form(channel: Channel | None) -> Form:
    given = {
        "quiet_from": f"{channel.quiet_from if channel else NIGHT:%H:%M}",
        "quiet_until": f"{channel.quiet_until if channel else MORNING:%H:%M}",
        "working_days_only": channel.working_days_only if channel else True,
        "language": channel.language if channel else DEFAULT_LANGUAGE,
        "topics": channel.topics if channel else [str(one) for one in SHARED_TOPICS],
    }
    return Form(given | ({"via": str(channel.via), "name": channel.name} if channel else {}))


def _hosts() -> list[str]:
    """Which hosts the system administrator allows."""
    return [one.host for one in settings().allowed_hosts]
