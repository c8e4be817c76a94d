"""What a briefing says: every figure with its sign and unit, nothing of what nobody reported. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.figures.kinds import Qualifier
from registry.dashboards.briefing import content, wording
from registry.dashboards.briefing.content import Content, Texts
from registry.dashboards.briefing.kept import Kept, KeptFigure
from registry.dashboards.metrics.codes import MetricCode

from .samples import COPIES, FIGURES, sample


def said(kept: Kept | None = None, language: str = "zh", **more: object) -> Content:
    texts = Texts(str(more.pop("problems", "")), str(more.pop("next_steps", "")), "就业处", "省政府办公厅")
    return content.content(kept or sample(), language, texts, **more)  # type: ignore[arg-type]  # tests name the rest


def part(whole: Content, code: str) -> str:
    found = next((one for one in whole.sections if one.code == code), None)
    return "" if found is None else "".join(item.text for item in (*found.lines, *found.items))


def test_the_first_part_as_the_template_has_it() -> None:
    assert part(said(), "overall") == (
        "截至2023年3月31日，全省有效校地合作协议17份，其中框架协议1份、战略合作协议1份；人才合作工作站1个，对接机制1项；"
        "协议覆盖15个地区（共15个），覆盖率100%；其中信息完整的0个。本期新签16份。"
    )


def test_the_second_part_keeps_every_sign() -> None:
    text = part(said(), "progress")
    assert "举办招聘活动10场，进校单位1,637家次，提供岗位6.24万个，参加100,000余人次（待核）" in text
    assert "合作意向近100项" in text
    assert "计划校园招聘活动15,000场（计划）" in text
    assert "承诺任务到期6项，已销号5项，兑现率83.3%。" in text


def test_what_nobody_reported_is_left_out() -> None:
    figures = {code: one for code, one in FIGURES.items() if code not in ("employers", "stations")}
    whole = said(sample(figures=figures))
    text = "".join(item.text for item in whole.items)
    assert "进校单位" not in text
    assert "工作站" not in text
    assert "对接机制1项" in text
    assert "—" not in text


def test_in_tables_it_is_a_dash_and_never_zero() -> None:
    rows = said().annexes[0].rows
    assert rows[0].cells["in_force"] == "0"  # that is known
    assert (rows[0].cells["rate"], rows[0].cells["red"]) == ("—", "—")


def test_empty_parts_are_left_out() -> None:
    kept = sample(figures={"agreements_in_force": KeptFigure(0, COPIES)}, activities=(), signed=(), expiring=(), red=())
    assert [one.code for one in said(kept).sections] == ["overall"]
    assert said(sample(figures={}, activities=()), problems="", next_steps="").sections == ()


def test_english_agrees_with_its_numbers() -> None:
    text = part(said(language="en"), "overall")
    assert text.startswith("As of 31 March 2023, 17 agreements were in force in Liaoning, among them 1 framework")
    one = sample(figures={"agreements_in_force": KeptFigure(1, COPIES)})
    assert "1 agreement was in force" in part(said(one, "en"), "overall")
    assert "nearly 100 intentions" in part(said(language="en"), "progress")


def test_a_count_that_stopped_says_so() -> None:
    kept = sample(figures={"agreements_in_force": KeptFigure(1000, COPIES, capped=True)})
    assert "1,000余份" in part(said(kept), "overall")


def test_what_was_signed_leads_to_its_numbers() -> None:
    whole = said()
    note = next(one for one in whole.notes if one.code == "agreements_signed")
    assert note.text.startswith("新签协议：0市与高校协议、辽〔2023〕1号、")
    marked = [piece for item in whole.items for piece in item.pieces if piece.mark == note.mark]
    assert [piece.text for piece in marked] == ["16份"]


def test_more_than_can_be_named_is_counted() -> None:
    note = said(sample(totals={"signed": 40})).notes[0]
    assert note.text.endswith("等40份。")


def test_tables_say_how_many_they_leave_out() -> None:
    red = next(one for one in said().annexes if one.code == "red")
    assert (len(red.rows), red.more) == (1, "共2项，列出1项，其余见登记系统。")
    assert red.title == "附表3　红灯事项清单"


def test_what_people_wrote_stands_before_the_figures() -> None:
    whole = said(problems="一件事\n\n 两件事 ", corrections=[("k", "更正一处。")])
    problems = next(one for one in whole.sections if one.code == "problems")
    assert [(one.code, one.text) for one in problems.lines] == [("problems:1", "一件事"), ("problems:2", "两件事")]
    assert problems.items[0].text == "（红灯2项；3份协议将在90日内到期；15份记录信息不全。）"
    assert part(whole, "corrections") == "更正一处。"


def test_what_the_registry_proposes() -> None:
    problems = content.proposed_problems(sample(), "zh").splitlines()
    assert "承诺任务逾期1项。" in problems
    assert "1个地区尚无有效协议：沈阳市。" in problems
    assert "1项数据待核，文中已注明。" in problems
    assert content.proposed_steps(sample(), "en").startswith("Supervise the 2 red items one by one")
    assert content.proposed_problems(sample(figures={}, localities=()), "zh") == ""


def test_what_was_issued_reads_back_the_same() -> None:
    for language in ("zh", "en"):
        whole = said(language=language, problems="甲", remarks=["补编"])
        text = content.dump(whole)
        assert content.load(text) == whole
        assert content.dump(content.load(text)) == text


def test_every_figure_named_is_a_metric() -> None:
    assert set(wording.codes()) <= set(MetricCode)


@pytest.mark.parametrize("language", ["zh", "en"])
@given(known=st.sets(st.sampled_from(sorted(FIGURES))), value=st.integers(1, 10**7), sign=st.sampled_from(Qualifier))
def test_whatever_is_known_is_said_and_nothing_else(
    language: str, known: set[str], value: int, sign: Qualifier
) -> None:
    """Whichever figures there are: no dash, no brace, no bracket of a pattern is left, and each item is a sentence."""
    figures = {code: KeptFigure(value, FIGURES[code].unit, sign, value, value) for code in known}
    whole = said(sample(figures=figures, activities=(), localities=()), language)
    for item in whole.items:
        assert not set("{}[]|—") & set(item.text)
        assert item.text[-1] in "。.）)"
        assert {piece.code for piece in item.pieces if piece.code} <= known
