"""The list of bases. 基地查询."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from ..core.dates import today
from ..organisations.models import Organisation, OrganisationKind
from ..organisations.queries.localities import places_of, stands_for
from ..records.queries import Listing, titled
from .enums import BaseKind, BaseLevel, BaseState
from .models import BaseVisibility, InternshipBase

EMPLOYER, SCHOOL = aliased(Organisation, name="employer"), aliased(Organisation, name="school")
_employer = EMPLOYER.id == InternshipBase.employer_id
_school = SCHOOL.id == InternshipBase.university_id
COLUMNS: tuple[Any, ...] = (
    InternshipBase.kind, InternshipBase.level, InternshipBase.approval_no, InternshipBase.approved_on,
    InternshipBase.approved_precision, InternshipBase.expires_on, InternshipBase.posts, InternshipBase.on_post,
    InternshipBase.completed, InternshipBase.retained, InternshipBase.remark, InternshipBase.employer_as_reported,
    InternshipBase.uscc,
    *(
        select(getattr(EMPLOYER, name)).where(_employer).correlate(InternshipBase).scalar_subquery().label(
            f"employer_{label}"
        )
        for name, label in (("public_id", "key"), ("name_zh", "zh"), ("name_en", "en"), ("uscc", "uscc"))
    ),
    *(
        select(getattr(SCHOOL, name)).where(_school).correlate(InternshipBase).scalar_subquery().label(
            f"university_{label}"
        )
        for name, label in (("name_zh", "zh"), ("name_en", "en"))
    ),
    Organisation.name_zh.label("owner_zh"), Organisation.name_en.label("owner_en"),
)  # fmt: skip
LISTING = Listing(
    InternshipBase,
    BaseVisibility,
    COLUMNS,
    options=(
        joinedload(InternshipBase.owner),
        joinedload(InternshipBase.employer),
        joinedload(InternshipBase.university),
    ),
    sorts={"expires": InternshipBase.expires_on, "posts": InternshipBase.posts},
)


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing.

    `region` is a reporting locality, that of the bureau that keeps the base or where the employer lies; `university` is
    the public id of the one that sends people there, or keeps it.
    """

    text: str = ""
    state: BaseState | None = None
    kind: BaseKind | None = None
    level: BaseLevel | None = None
    expired: bool = False
    region: str = ""
    university: str = ""


def conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """The filter as conditions of the listing."""
    if wanted.text:
        reported = InternshipBase.employer_as_reported.icontains(wanted.text, autoescape=True)
        named = select(EMPLOYER.id).where(_employer, EMPLOYER.name_zh.icontains(wanted.text, autoescape=True))
        yield or_(titled(InternshipBase, wanted.text), reported, named.correlate(InternshipBase).exists())
    if wanted.state:
        yield BaseVisibility.state == wanted.state
    if wanted.kind:
        yield InternshipBase.kind == wanted.kind
    if wanted.level:
        yield InternshipBase.level == wanted.level
    if wanted.expired:
        yield InternshipBase.expires_on < today()
    if wanted.region:
        there = select(EMPLOYER.id).where(_employer, EMPLOYER.region_code.in_(places_of(wanted.region)))
        yield or_(stands_for(wanted.region), there.correlate(InternshipBase).exists())
    if wanted.university:
        sends = select(SCHOOL.id).where(_school, _is_university(SCHOOL, wanted.university))
        yield or_(_is_university(Organisation, wanted.university), sends.correlate(InternshipBase).exists())


def _is_university(one: type[Organisation], public_id: str) -> ColumnElement[bool]:
    return and_(one.public_id == public_id, one.kind == OrganisationKind.UNIVERSITY)
