"""What other packages' pages are told from sums is what the records add up to, for everybody and every filter."""

from collections.abc import Iterator
from itertools import product

import pytest
from sqlalchemy import select

from registry.accounts.models import User
from registry.activities.queries import totals
from registry.activities.queries.listing import Filter as Activities
from registry.activities.queries.listing import conditions as activities
from registry.core.access.scope import set_viewer
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.dashboards.cut import Cut
from registry.dashboards.facts import docking, series
from registry.dashboards.metrics.base import Reached, Sum
from registry.dashboards.metrics.dictionary import METRICS
from registry.dashboards.models import OverviewTotal
from registry.dashboards.pending import ENTER_JOB, FOLLOW_JOB, READER_JOB, reader_key
from registry.dashboards.queries.asked import docking_kept, totals_kept
from registry.dashboards.queries.rows import pieces
from registry.dashboards.services import folding
from registry.docking.enums import Stage
from registry.docking.queries import Filter as Cases
from registry.docking.queries import average_days, conditions, funnel
from registry.docking.queries.figures import figures_of
from registry.jobs.models import Job, JobStatus
from registry.jobs.services import enqueue
from registry.records.months import Months
from tests.states import Begin

from .plenty import SPRING, with_plenty

REGIONS = ("", "210300", "210100")
PROGRAMMES = ("", SPRING, "未曾有过的行动")
LOOKING = ("liaoning.viewer", "zone", "shenyang", "school")
People = dict[str, User]


@pytest.fixture
def people(begin_with: Begin) -> People:
    return begin_with(with_plenty)


def schools(people: People) -> list[str]:
    """None, one with something, and a bureau, which no sums are kept of."""
    return ["", people["school"].organisation.public_id, people["shenyang"].organisation.public_id]


def test_activities_add_up_to_the_same(people: People) -> None:
    answered = 0
    wide = [*product(REGIONS, ("",), PROGRAMMES), *product(REGIONS, schools(people), ("",))]
    for person in (people[name] for name in LOOKING):
        set_viewer(person.organisation_id)
        for region, school, programme in dict.fromkeys(wide):
            wanted = Activities(region=region, university=school, programme=programme)
            plain = totals.totals(person, activities(wanted))
            assert _sorted(totals.totals_of(person, wanted)) == _sorted(plain), (person.account, wanted)
            answered += totals_kept(person, wanted) is not None and bool(plain)
    assert answered > 10


def _sorted(sums: totals.Sums) -> dict[object, list[totals.Sum]]:
    return {code: sorted(some, key=lambda one: str(one.unit)) for code, some in sums.items()}


def test_docking_cases_add_up_to_the_same(people: People) -> None:
    answered = 0
    for person in (people[name] for name in LOOKING):
        set_viewer(person.organisation_id)
        for region, school in product(REGIONS, schools(people)):
            wanted = Cases(region=region, university=school)
            narrowing = list(conditions(wanted))
            plain = (funnel(person, None, narrowing), average_days(person, narrowing))
            assert figures_of(person, None, wanted) == plain
            answered += docking_kept(person, wanted) is not None and bool(plain[0]) and bool(plain[1])
    assert answered > 3


def test_what_no_sums_are_kept_of_is_added_up(people: People) -> None:
    person, bureau = people["shenyang"], people["shenyang"].organisation.public_id
    set_viewer(person.organisation_id)
    months = Months(202301, 202312)
    assert [totals_kept(person, one) for one in (
        Activities(text="招聘"), Activities(months=months), Activities(region="210381"), Activities(university=bureau),
    )] == [None] * 4  # fmt: skip
    assert [docking_kept(person, one) for one in (
        Cases(text="示例"), Cases(reached=Stage.POSTED), Cases(region="210381"), Cases(university=bureau),
    )] == [None] * 4  # fmt: skip


def test_a_list_of_several_programmes_at_once_is_added_up(people: People) -> None:
    person, both = people["liaoning.viewer"], f"{SPRING}、百校千企"
    set_viewer(person.organisation_id)
    wanted = Activities(programme=both)
    plain = totals.totals(person, activities(wanted))
    assert plain
    assert totals.totals_of(person, wanted) == plain


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.FAILED])
def test_while_something_is_still_to_be_added_up_the_records_answer(people: People, status: JobStatus) -> None:
    """After an upgrade, say, sums are too low until the worker is done."""
    person, other = people["shenyang"], people["zone"]
    own = (READER_JOB, reader_key(person.organisation_id))
    for kind, key in ((ENTER_JOB, "0029"), (FOLLOW_JOB, "visit:1"), own):
        with transaction():
            job = enqueue(kind, key)
            job.status = status
        assert totals_kept(person, Activities()) is docking_kept(person, Cases()) is None
        assert (totals_kept(other, Activities()) is not None) == (kind == READER_JOB)
        with transaction():
            db.session.get_one(Job, job.id).status = JobStatus.DONE
        assert totals_kept(person, Activities()) is not None


def test_no_sums_are_kept_that_nobody_reads(people: People) -> None:
    """Of every amount and part that records give: a metric asks for it, the stages of the overview, or a page above."""
    folding.fold_all()
    asked = {(one.metric, part) for one in _sums() for part in one.parts or {""}}
    open_ended = {metric for metric, part in asked if not part}
    kept = db.session.execute(select(OverviewTotal.metric, OverviewTotal.part).distinct()).all()
    plain = {(metric.partition(":")[0], part) for metric, part in kept}
    pages = {docking.FUNNEL, docking.STAY, *(series.amount(code) for code in series.COUNTED)}
    assert {one for one in plain if one[0] not in open_ended | pages} <= asked


def _sums() -> Iterator[Sum]:
    yield Sum(docking.REACHED, parts=frozenset(map(str, docking.SHOWN)))
    for metric in METRICS.values():
        for cut in (Cut.of_month(today()), Cut(202301, 202312)):
            for ask in metric.asks(cut, today()).values():
                found = ask.of if isinstance(ask, Reached) else ask
                if isinstance(found, Sum):
                    yield from pieces(found)
