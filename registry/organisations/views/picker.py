"""Choosing an organisation: for scripts as JSON, without a script as a page that leads back. 单位选择."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.web.forms import Form
from ...core.web.guard import needs
from ...core.web.shell import local_target
from ..models import OrganisationKind
from ..queries.lookup import suggest as find
from .blueprint import blueprint
from .choices import hint_of, kind_options

MOST_ON_PAGE = 50
FIELD_LENGTH = 40


def _kinds() -> list[OrganisationKind]:
    """The kinds asked for, separated by commas; unknown ones are passed over."""
    return [OrganisationKind(one) for one in request.args.get("kind", "").split(",") if one in set(OrganisationKind)]


def _typed() -> str:
    return request.args.get("q", "").replace("\x00", "")[:100]


@blueprint.get("/organisations/suggest")
@needs(Action.ORGANISATION_VIEW)
def suggest() -> ResponseReturnValue:
    """At most 12 organisations that fit `q`, of the kinds in `kind`."""
    found = find(_typed(), _kinds())
    return jsonify(
        [{"id": one.public_id, "name": str(one.name), "hint": hint_of(one), "kind": one.kind.value} for one in found]
    )


@blueprint.get("/organisations/pick")
@needs(Action.ORGANISATION_VIEW)
def pick() -> ResponseReturnValue:
    """Search, and lead back to the address in `back` with the choice in its parameter `field`."""
    back = local_target(request.args.get("back"), "/")
    field = request.args.get("field", "organisation")[:FIELD_LENGTH]
    found = [(one, hint_of(one), _with(back, field, one.public_id)) for one in find(_typed(), _kinds(), MOST_ON_PAGE)]
    return render_template(
        "organisations/pick.html",
        found=found,
        back=back,
        field=field,
        form=Form(request.args),
        kinds=kind_options(),
        searched=bool(_typed().strip()),
    )


def _with(address: str, name: str, value: str) -> str:
    """The address with one query parameter set."""
    parts = urlsplit(address)
    kept = [(key, old) for key, old in parse_qsl(parts.query, keep_blank_values=True) if key != name]
    return urlunsplit(parts._replace(query=urlencode([*kept, (name, value)])))
