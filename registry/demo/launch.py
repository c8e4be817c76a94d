"""The launch of 18 March 2023, as the news tells of it: a signing event with one record for each locality.

The report says that fourteen cities and Shenfu signed school–locality agreements with universities inside and outside
the province, but not with which and how many: one record for each locality, its university to be found.
"""

from ..accounts.models import User
from ..agreements.models import SigningEvent
from ..stories import agreements, reading
from ..stories.keeping import Load

LAUNCH = "LN-LAUNCH-20230318"


def enter_launch(people: dict[str, User]) -> SigningEvent:
    """Entered by the province's handler, confirmed by its section head; what else was signed there is added."""
    run, line = Load(people["liaoning.handler"], people["liaoning.section_head"]), reading.event(LAUNCH)
    agreements.load_event(run, line)
    agreements.confirm(run)
    return agreements.event_of(line)
