"""The menu: one table of pages; each reader sees those that exist and that they may open. 导航."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, current_app, request
from flask_login import current_user

from ..access.actions import Action
from ..access.decision import decide
from ..i18n import Message, msg
from .addresses import url_for

WORK, DIRECTORY, ADMINISTRATION = msg("Work"), msg("Directory"), msg("Administration")

# Departments of the province, bureaus and zones, by the codes of `OrganisationKind`.
OFFICES = frozenset({"hr_department", "education_department", "hr_bureau", "zone_admin"})


@dataclass(frozen=True)
class Entry:
    """A line of the menu. `endpoint` is by name: a page that is not installed has no line."""

    group: Message
    label: Message
    endpoint: str
    icon: str
    action: Action
    counted: bool = False  # carries the number of things that wait
    kinds: frozenset[str] = frozenset()  # of organisations that have such a page; empty for all

    @property
    def address(self) -> str:
        """Where it leads."""
        return url_for(self.endpoint)

    @property
    def is_current(self) -> bool:
        """Whether the present page belongs to it: what stands below an address, whichever package shows it."""
        address = self.address
        return request.path == address or (address != "/" and request.path.startswith(f"{address}/"))


MENU = (
    Entry(WORK, msg("Overview"), "dashboards.overview", "speedometer2", Action.OVERVIEW_VIEW),
    Entry(WORK, msg("Home"), "dashboards.index", "house", Action.HOME_VIEW),
    Entry(WORK, msg("To-do"), "dashboards.todo", "check2-square", Action.HOME_VIEW, counted=True),
    Entry(WORK, msg("Messages"), "messages.index", "bell", Action.MESSAGE_VIEW_OWN),
    Entry(WORK, msg("Agreements"), "agreements.index", "file-earmark-text", Action.AGREEMENT_VIEW),
    Entry(WORK, msg("Signing events"), "events.index", "calendar-check", Action.EVENT_VIEW),
    Entry(WORK, msg("Relationships"), "relationships.index", "intersect", Action.RELATIONSHIP_VIEW),
    Entry(WORK, msg("Docking mechanisms"), "mechanisms.index", "link-45deg", Action.MECHANISM_VIEW),
    Entry(WORK, msg("Tasks"), "tasks.index", "list-check", Action.TASK_VIEW),
    Entry(WORK, msg("Visits"), "visits.index", "signpost-split", Action.VISIT_VIEW),
    Entry(WORK, msg("Enterprise docking"), "docking.index", "briefcase", Action.DOCKING_VIEW),
    Entry(WORK, msg("Activities"), "activities.index", "people", Action.ACTIVITY_VIEW),
    Entry(WORK, msg("Workstations"), "workstations.index", "building", Action.WORKSTATION_VIEW),
    Entry(WORK, msg("Promises"), "commitments.index", "clipboard-check", Action.COMMITMENT_VIEW),
    Entry(WORK, msg("Reminders"), "reminders.index", "hourglass-split", Action.REMINDER_VIEW),
    Entry(WORK, msg("Bases"), "bases.index", "buildings", Action.BASE_VIEW),
    Entry(WORK, msg("Ledgers"), "ledgers.index", "table", Action.LEDGER_VIEW),
    Entry(WORK, msg("Briefings"), "briefings.index", "card-text", Action.BRIEFING_VIEW, kinds=OFFICES),
    Entry(DIRECTORY, msg("Organisations"), "organisations.index", "buildings", Action.ORGANISATION_VIEW),
    Entry(DIRECTORY, msg("Regions"), "regions.index", "geo-alt", Action.ORGANISATION_VIEW),
    Entry(DIRECTORY, msg("Working days"), "workdays.index", "calendar3", Action.WORKDAY_VIEW),
    Entry(ADMINISTRATION, msg("Users"), "users.index", "people", Action.ACCOUNT_LIST),
    Entry(ADMINISTRATION, msg("Certificates"), "certificates.index", "patch-check", Action.CERTIFICATE_VIEW),
    Entry(ADMINISTRATION, msg("Audit log"), "audit.index", "journal-text", Action.AUDIT_VIEW),
    Entry(ADMINISTRATION, msg("Reminder rules"), "reminders.system", "hourglass-split", Action.REMINDER_SET_SYSTEM),
    Entry(ADMINISTRATION, msg("System"), "system.index", "gear", Action.SYSTEM_VIEW),
)


def install(app: Flask) -> None:
    """Give templates the menu and the number of things that wait."""
    app.jinja_env.globals |= {
        "menu": menu,
        "todo_count": nothing_waits,
        "unread_count": nothing_waits,
        "has_page": has_page,
    }


def nothing_waits() -> int:
    """Stands in for `todo_count` and `unread_count` until packages replace them in `app.jinja_env.globals`."""
    return 0


def has_page(endpoint: str) -> bool:
    """Whether an endpoint is installed."""
    return endpoint in current_app.view_functions


def menu() -> Iterator[tuple[Message, list[Entry]]]:
    """Groups with the entries that the reader may open; empty groups are left out."""
    for group in (WORK, DIRECTORY, ADMINISTRATION):
        entries = [entry for entry in MENU if entry.group is group and _shown(entry)]
        if entries:
            yield group, entries


def _shown(entry: Entry) -> bool:
    fits = not entry.kinds or current_user.organisation.kind in entry.kinds
    return has_page(entry.endpoint) and bool(decide(current_user, entry.action)) and fits
