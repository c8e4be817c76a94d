"""What differs from what was kept is a correction; what is only not known is none. Pure."""

from registry.core.figures.kinds import Qualifier, Unit
from registry.dashboards.briefing.corrections import Correction, compare, unsaid
from registry.dashboards.briefing.kept import KeptFigure

NAMES = {"agreements_signed": ("新签", "Newly signed"), "fulfilment": ("兑现率", "Fulfilment rate")}
SIXTEEN, SEVENTEEN = (KeptFigure(number, Unit.COPIES) for number in (16, 17))


def changed(then: KeptFigure | None, now: KeptFigure, code: str = "agreements_signed") -> list[Correction]:
    return compare(202303, {code: then} if then else {}, {code: now}, NAMES)


def test_another_number_is_a_correction_in_words() -> None:
    (found,) = changed(SIXTEEN, SEVENTEEN)
    assert found.sentence("zh") == "2023年3月“新签”由16份更正为17份。"
    assert found.sentence("en") == "Newly signed of March 2023: 17 copies instead of 16 copies."


def test_another_sign_is_one_too() -> None:
    assert changed(SIXTEEN, KeptFigure(16, Unit.COPIES, Qualifier.APPROX))


def test_what_was_not_known_and_still_is_not_is_none() -> None:
    assert not changed(None, KeptFigure(None, Unit.PERCENT, numerator=0, denominator=0), "fulfilment")
    assert not changed(SIXTEEN, SIXTEEN)


def test_a_share_is_compared_by_its_two_numbers() -> None:
    then = KeptFigure(50, Unit.PERCENT, numerator=1, denominator=2)
    now = KeptFigure(50, Unit.PERCENT, numerator=2, denominator=4)
    (found,) = changed(then, now, "fulfilment")
    assert found.then_zh == "50%"


def test_what_a_briefing_told_is_not_told_again_unless_it_changed_again() -> None:
    told = changed(SIXTEEN, SEVENTEEN)
    assert unsaid(told, told) == []
    again = changed(SIXTEEN, KeptFigure(18, Unit.COPIES))
    assert unsaid(again, told) == again


def test_the_last_word_counts() -> None:
    def to(then: str, now: str) -> Correction:
        return Correction(202303, "agreements_signed", "新增签约", "Newly signed", then, then, now, now)

    first, second = to("16", "17"), to("16", "18")
    assert unsaid([first], [first, second]) == [first]
    assert unsaid([], [first, second]) == [to("18", "16")]
    assert unsaid([], [first, second, to("18", "16")]) == []
