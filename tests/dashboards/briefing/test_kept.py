"""What is kept comes back as it was, in the same bytes."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.figures.kinds import Qualifier, Unit, neat
from registry.dashboards.briefing import kept
from registry.dashboards.briefing.kept import KeptFigure

from .samples import sample

FIGURES = st.builds(
    KeptFigure,
    value=st.none() | st.integers(0, 10**9) | st.decimals(0, 1000, places=2).map(lambda one: neat(Decimal(one))),
    unit=st.none() | st.sampled_from(Unit),
    qualifier=st.sampled_from(Qualifier),
    doubtful=st.integers(0, 3),
    capped=st.booleans(),
    as_reported=st.text(max_size=5),
)


def test_everything_comes_back() -> None:
    text = kept.dump(sample())
    assert kept.load(text) == sample()
    assert kept.dump(kept.load(text)) == text


@given(st.dictionaries(st.sampled_from(["employers", "positions", "stations"]), FIGURES))
def test_any_figures_come_back(figures: dict[str, KeptFigure]) -> None:
    whole = sample(figures=figures)
    assert kept.load(kept.dump(whole)) == whole


def test_the_digest_tells_any_change() -> None:
    other = sample(figures={"agreements_signed": KeptFigure(17, Unit.COPIES)})
    assert kept.digest(kept.dump(sample())) != kept.digest(kept.dump(other))


def test_a_schema_of_later_is_refused() -> None:
    given = json.loads(kept.dump(sample())) | {"schema": 99}
    with pytest.raises(ValueError, match="schema 99"):
        kept.load(json.dumps(given))
