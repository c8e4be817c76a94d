"""Which characters of a hit are marked."""

import pytest

from registry.search.marking import parts
from registry.search.tokens import wish_of


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("鞍山市与西北工业大学框架协议", "鞍山 框架", ["鞍山", "框架"]),
        ("西北工业大学", "xbgydx", ["西北工业大学"]),
        ("鞍山市与西北工业大学", "xibeigongye", ["西北工业"]),
        ("鞍校地协〔2023〕1号", "2023 1", ["2023", "1"]),
        ("ＮＷＰＵ Office", "nwpu", ["ＮＷＰＵ"]),
        ("Anshan <b>", "b", ["b"]),
        ("鞍山鞍山", "鞍山", ["鞍山鞍山"]),
        ("沈阳", "大连", []),
        ("", "大连", []),
    ],
)
def test_what_was_looked_for_is_marked(text: str, typed: str, marked: list[str]) -> None:
    found = parts(text, wish_of(typed))
    assert "".join(part for part, _hit in found) == text
    assert [part for part, hit in found if hit] == marked
