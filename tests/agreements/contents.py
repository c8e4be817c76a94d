"""Contents for tests of comparing and merging: a base, and what drafts make of it."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from registry.agreements.content import compose
from registry.agreements.inputs import TaskRow

from .drafts import NAMES, draft

CODES = ("framework", "workstation", "docking", "strategic")
TEXTS = st.sampled_from(["一", "二", "三"])
TASKS = (TaskRow("专场招聘会", target="2", unit="场"), TaskRow("访企拓岗", target="3", unit="次"))


def content_of(code: str = "framework", **changes: Any) -> dict[str, Any]:
    """A whole content of a model text, with two commitments of the clerk's own."""
    return compose(draft(code, **({"tasks": TASKS} | changes)), NAMES)


def article(key: str, text: str = "正文") -> dict[str, str]:
    """An article with nothing in English."""
    return {"key": key, "heading_zh": f"第{key}条", "text_zh": text, "heading_en": "", "text_en": ""}


def small() -> dict[str, Any]:
    """A content of three articles and two commitments, quick to compare."""
    whole = content_of()
    rows = [row | {"code": code} for code, row in zip(("T1", "T2"), whole["commitments"][-2:], strict=True)]
    return whole | {"articles": [article(key) for key in "123"], "commitments": rows}


@st.composite
def changed(draw: st.DrawFn, keys: Sequence[str] = ("7", "8")) -> dict[str, Any]:
    """What somebody made of the small content: edited, dropped and added articles (under the keys), other terms."""
    made = small()
    added = [article(key, draw(TEXTS)) for key in keys if draw(st.booleans())]
    made["articles"] = [one | draw(_edit()) for one in made["articles"] if draw(st.integers(0, 3))]
    for one in added:
        made["articles"].insert(draw(st.integers(0, len(made["articles"]))), one)
    made["commitments"] = [row | {"target": draw(TEXTS)} for row in made["commitments"] if draw(st.integers(0, 3))]
    made["term"] = made["term"] | {"months": draw(st.sampled_from([36, 48, None])), "open_ended": draw(st.booleans())}
    made["title_zh"] = draw(TEXTS)
    variables = {name: value for name, value in made["variables"].items() if draw(st.integers(0, 5))}
    made["variables"] = variables | draw(st.dictionaries(st.just("fairs_per_year"), TEXTS))
    return made


def _edit() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(["text_zh", "heading_zh", "text_en"]), TEXTS, max_size=2)
