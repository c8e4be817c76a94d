"""Lists choose by light as pages show it, rates are those of a recount, and both are one organisation's."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from registry.commitments import lights, rates
from registry.commitments.enums import Curve, Part, PeriodState
from registry.commitments.inputs import Description
from registry.commitments.models import CommitmentPeriod, PeriodStanding
from registry.commitments.queries import ledger, of_agreement, sums, viewpoints
from registry.commitments.queries.ledger import Wanted
from registry.commitments.services import describing, reporting, verifying, waiving
from registry.core.access.scope import without_scope
from registry.core.dates import add_months, today
from registry.core.db import db, transaction
from registry.core.errors import NotFound
from registry.organisations.workdays import calendar
from registry.tasks.enums import Light
from registry.tasks.lights import horizon
from tests.commitments.scene import Promised, promised
from tests.states import Begin

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def played() -> Promised:
    """Periods in many states and on many days."""
    one = promised()
    university, bureau = one.scene.university, one.scene.bureau
    with transaction():
        first = today()
        one.move(one.period("T1", 1), first - 300 * DAY, first + 60 * DAY)
        one.move(one.period("T1", 2), first - 20 * DAY, first + 300 * DAY)
        one.late("T2")
        one.move(one.period("T2", 2), first - 300 * DAY, first + 3 * DAY)
        reporting.report(one.period("T2", 2), 2, "台账", [], bureau.handler)
        one.move(one.period("T2", 3), first - 300 * DAY, first + 12 * DAY)
        reporting.report(one.period("T2", 3), 1, "台账", [], bureau.handler)
        reporting.request_close(one.period("T2", 3), "台账", bureau.handler)
        verifying.close(one.period("T2", 3), "", university.handler)
        fairs = one.late()
        reporting.report(fairs, 1, "照片", [], university.handler)
        waiving.ask_waiver(one.period("", 2), "停办", university.leader)
        waiving.consent_waiver(one.period("", 2), "", bureau.leader)
        one.move(one.period("T9"), first - 90 * DAY, first + 10 * DAY)
    return one


def rows(one: Promised, part: Part, wanted: Light | None = None) -> list[tuple[int, Light | None]]:
    """Ids and lights of an organisation's periods."""
    sky = horizon(calendar(), today())
    whose = viewpoints.Of(one.scene.bureau.organisation.id)
    with without_scope():
        found = ledger.page(whose, Wanted(part, light=wanted, sky=sky), 0, 500)
    return [(row.id, lights.light_of(lights.standing_of(row, row), sky)) for row in found]


def test_the_list_chooses_by_the_light_that_a_row_shows(begin_with: Begin) -> None:
    one = begin_with(played)
    seen: set[Light | None] = set()
    for part in (Part.OBLIGOR, Part.BENEFICIARY):
        every = rows(one, part)
        seen |= {light for _number, light in every}
        for light in Light:
            assert rows(one, part, light) == [row for row in every if row[1] is light], light
    assert seen >= {Light.RED, Light.YELLOW, Light.GREY, Light.CLOSED, Light.GREEN}


def test_another_curve_turns_the_lights_of_the_list(begin_with: Begin) -> None:
    one = begin_with(played)
    period = one.period("T1", 1)
    by_now = tuple(1 if number == today().month else 0 for number in range(1, 13))
    before = standing_of(period.id)
    with transaction():
        described = Description(period.commitment.category, Curve.CUSTOM, by_now)
        describing.describe(period.commitment, described, one.scene.bureau.handler)
    after = standing_of(period.id)
    assert after != before
    assert after == lights.turning_days(lights.standing_of(period, period.commitment))


def standing_of(period_id: int) -> tuple[object, object]:
    db.session.expire_all()
    row = db.session.query(PeriodStanding).filter_by(period_id=period_id, part=Part.OBLIGOR).one()
    return row.behind_on, row.far_behind_on


@pytest.mark.parametrize("part", [Part.OBLIGOR, Part.BENEFICIARY])
@pytest.mark.parametrize(("back", "ahead"), [(36, 0), (12, 0), (2, 0), (0, 0), (36, 24)])
def test_rates_of_any_days_are_those_of_a_recount(begin_with: Begin, part: Part, back: int, ahead: int) -> None:
    one = begin_with(played)
    first, last = add_months(today(), -back), add_months(today(), ahead)
    bureau = one.scene.bureau.organisation.id
    found = sums.tally_of(bureau, part, first, last)
    periods = [row.period for row in db.session.query(PeriodStanding).filter_by(organisation_id=bureau, part=part)]
    counted = [
        period
        for period in periods
        if period.state not in (PeriodState.WAIVED, PeriodState.CANCELLED) and first <= period.counts_on <= last
    ]
    assert found == rates.tally(_shares(counted))


def _shares(periods: list[CommitmentPeriod]) -> Iterator[tuple[Decimal, Decimal]]:
    for period in periods:
        kept = [period.verified, period.verified if period.reported is None else period.reported]
        how = (period.commitment.measure, period.commitment.comparator)
        verified, reported = (
            rates.share(None if one is None else Decimal(one), Decimal(period.target), *how) for one in kept
        )
        yield verified, reported


def test_several_counts_are_one_statement_and_capped(begin_with: Begin) -> None:
    one = begin_with(played)
    whose = viewpoints.Of(one.scene.bureau.organisation.id)
    texts = {"all": "", "none": "没有的事", "fairs": "招聘"}
    wanted = {name: Wanted(Part.OBLIGOR, text=text) for name, text in texts.items()}
    assert ledger.counts(whose, wanted, 2) == {"all": 3, "none": 0, "fairs": 3}
    assert ledger.count(whose, Wanted(Part.OBLIGOR, year=today().year - 30), 10) == 0


def test_who_oversees_reads_the_organisations_below(begin_with: Begin) -> None:
    one = begin_with(played)
    bureau, university = one.scene.bureau.organisation, one.scene.university.organisation
    assert [row.public_id for row in viewpoints.with_promises(one.overseer, 0, 10)] == [bureau.public_id]
    assert [row.id for row in viewpoints.with_promises(one.scene.university.handler, 0, 10)] == [university.id]
    assert viewpoints.with_promises(one.stranger, 0, 10) == []
    assert viewpoints.overdue_of([bureau.id], today()) == {
        (bureau.id, Part.OBLIGOR): 1,
        (bureau.id, Part.BENEFICIARY): 1,
    }
    assert viewpoints.seen_from(bureau.public_id, one.overseer) is bureau
    with pytest.raises(NotFound):
        viewpoints.seen_from(university.public_id, one.overseer)


def test_the_promises_of_an_agreement_are_one_list(begin_with: Begin) -> None:
    one = begin_with(played)
    rows = of_agreement.promises(one.agreement.id, one.scene.bureau.handler)
    assert len({row.public_id for row in rows}) == 5
    assert len(rows) == 15
    assert of_agreement.promises(one.agreement.id, one.stranger) == []
