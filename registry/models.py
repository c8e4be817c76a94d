"""Every table, so that mappers and migrations see them all."""

from .accounts import delegations
from .accounts import models as accounts
from .activities import models as activities
from .agreements import models as agreements
from .attachments import models as attachments
from .audit import models as audit
from .bases import models as bases
from .commitments import models as commitments
from .core import models as core
from .dashboards import models as dashboards
from .docking import models as docking
from .documents import models as documents
from .jobs import models as jobs
from .ledgers import models as ledgers
from .mechanisms import models as mechanisms
from .messages import models as messages
from .organisations import merges, ties
from .organisations import models as organisations
from .records import reference as records
from .relationships import models as relationships
from .reminders import models as reminders
from .reminders.feed import models as calendar_feeds
from .search import models as search
from .tasks import models as tasks
from .visits import models as visits
from .workstations import models as workstations

__all__ = [
    "accounts",
    "activities",
    "agreements",
    "attachments",
    "audit",
    "bases",
    "calendar_feeds",
    "commitments",
    "core",
    "dashboards",
    "delegations",
    "docking",
    "documents",
    "jobs",
    "ledgers",
    "mechanisms",
    "merges",
    "messages",
    "organisations",
    "records",
    "relationships",
    "reminders",
    "search",
    "tasks",
    "ties",
    "visits",
    "workstations",
]
