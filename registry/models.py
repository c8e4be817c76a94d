"""Every table, so that mappers and migrations see them all."""

from .accounts import delegations
from .accounts import models as accounts
from .activities import models as activities
from .agreements import models as agreements
from .attachments import models as attachments
from .audit import models as audit
from .core import models as core
from .docking import models as docking
from .documents import models as documents
from .jobs import models as jobs
from .ledgers import models as ledgers
from .mechanisms import models as mechanisms
from .organisations import merges, ties
from .organisations import models as organisations
from .records import reference as records
from .relationships import models as relationships
from .tasks import models as tasks
from .visits import models as visits
from .workstations import models as workstations

__all__ = [
    "accounts",
    "activities",
    "agreements",
    "attachments",
    "audit",
    "core",
    "delegations",
    "docking",
    "documents",
    "jobs",
    "ledgers",
    "mechanisms",
    "merges",
    "organisations",
    "records",
    "relationships",
    "tasks",
    "ties",
    "visits",
    "workstations",
]
