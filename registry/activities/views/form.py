"""The form of an activity, new or changed: what it offers to choose. 活动表单页面."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request

from ...agreements.queries.events import list_events
from ...core.errors import RegistryError
from ...core.web.forms import Form
from ...core.web.guard import actor
from ...core.web.words import in_words, legal_date
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...organisations.queries.places import list_all_regions
from ...organisations.views.choices import organisation_options, region_options
from ...records import kinds
from ..enums import SIGNED_AT, ActivityKind, Part
from ..figure_codes import FigureCode
from ..inputs import MOST_PARTIES, OutcomeLine
from ..models import Activity
from ..queries.beside import holders

EVENTS_OFFERED = 100
TEXTS = (
    "kind",
    "title_zh",
    "title_en",
    "place",
    "programme",
    "counting_note",
    "notes",
    "source",
    "source_url",
)
Options = Sequence[tuple[str, object]]


def form_page(form: Form, activity: Activity | None, error: RegistryError | None) -> str:
    """The form; the organisations that were chosen stand in their lists."""
    chosen = [str(form.value(f"party-{number}-organisation")) for number in range(MOST_PARTIES)]
    found = choices_where(Organisation.public_id.in_([one for one in chosen if one]), MOST_PARTIES)
    options = organisation_options(found)
    filled = sum(bool(one) or bool(form.value(f"party-{n}-reported")) for n, one in enumerate(chosen))
    return render_template(
        "activities/form.html",
        form=form,
        activity=activity,
        error=error,
        rows=min(MOST_PARTIES, max(3, filled + 1)),
        options=[[one for one in options if one["value"] == value] for value in chosen],
        kinds=[(str(one), one.label) for one in ActivityKind],
        parts=[(str(one), one.label) for one in Part],
        regions=region_options(list_all_regions()),
        parents=_parents(activity),
        events=_events(activity),
        codes=[code for code in FigureCode if code is not FigureCode.OTHER],
        linked=_linked(),
    )


def outcomes_asked_for() -> tuple[OutcomeLine, ...]:
    """What the address of the form links to: `/activities/new?of=agreement&subject=…`."""
    kind, subject = request.args.get("of", ""), request.args.get("subject", "")
    return (OutcomeLine(kind, subject),) if kind and subject else ()


def _linked() -> str:
    """The title of what the new activity will be linked to."""
    for line in outcomes_asked_for():
        for zh, en in kinds.titles_of(line.kind, [line.public_id], actor()).values():
            return str(in_words(zh, en))
    return ""


def _parents(activity: Activity | None) -> Options:
    """Series and others that may hold parts, the newest first, and the present one."""
    found: dict[str, object] = {row.public_id: in_words(row.title_zh, row.title_en) for row in holders(actor())}
    if activity and activity.parent:
        found |= {activity.parent.public_id: in_words(activity.parent.title_zh, activity.parent.title_en)}
    if activity:
        found.pop(activity.public_id, None)
    return list(found.items())


def _events(activity: Activity | None) -> Options:
    """The newest signing events, and the present one."""
    rows = list_events(actor(), 0, EVENTS_OFFERED)
    found: dict[str, object] = {row.public_id: in_words(row.title_zh, row.title_en) for row in rows}
    if activity and activity.signing_event and activity.kind in SIGNED_AT:
        found.setdefault(activity.signing_event.public_id, activity.signing_event.title_zh)
    return list(found.items())


def stored_values(activity: Activity) -> dict[str, Any]:
    stored: dict[str, Any] = {name: getattr(activity, name) for name in TEXTS}
    for name in ("held_on", "held_until"):
        stored[name] = legal_date(getattr(activity, name), activity.held_precision).replace("—", "")
    stored["region"] = activity.region_code or ""
    stored["parent"] = activity.parent.public_id if activity.parent else ""
    stored["signing_event"] = activity.signing_event.public_id if activity.signing_event else ""
    for number, party in enumerate(activity.parties):
        stored[f"party-{number}-part"] = str(party.part)
        stored[f"party-{number}-organisation"] = party.organisation.public_id if party.organisation else ""
        stored[f"party-{number}-reported"] = party.name_as_reported
    return stored
