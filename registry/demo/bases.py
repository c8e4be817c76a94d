"""Two bases: one that is kept up with a university, one whose term has ended. 演示基地."""

from datetime import date

from ..accounts.models import User
from ..bases.enums import BaseKind, BaseLevel
from ..bases.inputs import BaseDetails
from ..bases.models import InternshipBase
from ..bases.services import enter
from ..core.dates import Precision
from ..core.db import transaction


def enter_bases(people: dict[str, User]) -> list[InternshipBase]:
    """By the handlers of Anshan and of the university."""
    given = (
        (
            "anshan.handler",
            BaseDetails(
                "演示：菱镁新材料就业见习基地",
                BaseKind.TRAINEE,
                BaseLevel.CITY,
                employer_as_reported="示例菱镁新材料有限公司",
                approval_no="示人社发〔2023〕1号",
                approved_on=date(2023, 3, 18),
                approved_precision=Precision.DAY,
                expires_on=date(2027, 3, 17),
                posts=30,
                on_post=12,
                completed=20,
                retained=15,
            ),
        ),
        (
            "anshan.handler",
            BaseDetails(
                "演示：装备制造实习实践基地",
                BaseKind.PRACTICE,
                BaseLevel.COUNTY,
                employer_as_reported="示例装备制造有限公司",
                university=people["nwpu.handler"].organisation.public_id,
                approved_on=date(2021, 5, 1),
                approved_precision=Precision.DAY,
                expires_on=date(2024, 4, 30),
                posts=50,
            ),
        ),
    )
    with transaction():
        return [enter(details, people[name], is_demo=True) for name, details in given]
