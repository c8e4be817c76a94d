"""What stands above and below a ledger that goes out: whose it is, of which day, who hands it in. 台账落款."""

from dataclasses import dataclass
from datetime import date

from ..accounts.models import User
from ..core.dates import prose_date, today
from ..organisations.models import OrganisationKind

# Who stands for a place is named by it: 鞍山市校地合作协议台账.
OFFICES = (OrganisationKind.HR_BUREAU, OrganisationKind.HR_DEPARTMENT, OrganisationKind.TALENT_CENTRE)


@dataclass(frozen=True)
class Signed:
    """Who hands the ledger in: the place in its title, organisation, person; `on` is the day that it speaks of."""

    place: str
    office: str
    person: str
    on: date

    def title(self, name: str) -> str:
        """鞍山市校地合作协议台账（截至2026年11月22日）."""
        return f"{self.place}{name}（截至{prose_date(self.on)}）"

    @property
    def foot(self) -> str:
        """The line below the rows; whoever checks the ledger signs it on paper."""
        return f"填报单位：{self.office}    填报人：{self.person}    审核人："


def signed_by(user: User) -> Signed:
    """As this person's organisation hands it in today."""
    organisation = user.organisation
    place = organisation.region.name_zh if organisation.kind in OFFICES else organisation.name_zh
    return Signed(place, organisation.name_zh, user.name, today())
