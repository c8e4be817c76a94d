"""What comes through from the library's SVG, and what does not."""

import pytest
from lxml import etree

from registry.dashboards.drawing.cleaning import clean

SVG = "{http://www.w3.org/2000/svg}"
LINKS = {"r0s0": ("/agreements?a=1&b=2", '23-01，"新签"：<3>')}


def cleaned(inside: str, links: dict[str, tuple[str, str]] | None = None) -> etree._Element:
    """The root of what becomes of a picture with this inside."""
    whole = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20.4" height="10" '
        f'style="color:red" onload="alert(1)">{inside}</svg>'
    )
    return etree.fromstring(clean(whole, "题目", "最高3", LINKS if links is None else links))


HOSTILE = [
    "<script>alert(1)</script>",
    "<style>@import url(//example.com)</style>",
    '<image xlink:href="http://example.com/x.png"/>',
    "<foreignObject><p>x</p></foreignObject>",
    '<use xlink:href="#x"/>',
    '<rect onclick="alert(1)" style="fill:red" fill="url(http://example.com)" id="x" class="y"/>',
    '<g filter="url(#f)"><rect clip-path="url(#c)"/></g>',
    "<!-- x --><?php x ?>",
    '<a xlink:href="javascript:alert(1)"><rect width="1"/></a>',
    '<animate attributeName="href" to="javascript:alert(1)"/>',
]


@pytest.mark.parametrize("inside", HOSTILE)
def test_nothing_that_acts_or_fetches_comes_through(inside: str) -> None:
    text = etree.tostring(cleaned(inside), encoding="unicode").lower()
    for sign in ("script", "style", "image", "foreign", "use", "onclick", "onload", "url(", "javascript", "id=", "<?"):
        assert sign not in text
    assert "animate" not in text


def test_an_entity_is_not_opened() -> None:
    source = (
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><text>&x;</text></svg>'
    )
    assert b"root:" not in clean(source, "t", "", {})


def test_it_is_an_image_with_a_name_and_a_description() -> None:
    picture = cleaned('<rect width="1"/>')[0]
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "题目. 最高3"
    assert picture.findtext(f"{SVG}desc") == "最高3"


def test_a_mark_becomes_a_link_of_ours_beside_the_image() -> None:
    root = cleaned(
        '<g transform="translate(4,5)"><a xlink:href="https://x/r0s0"><path d="M0,0h1v1z" fill="#000"/></a></g>'
    )
    picture, links = root
    assert picture.find(f".//{SVG}a") is None
    link = links[0]
    assert (link.get("href"), link.get("aria-label")) == LINKS["r0s0"]
    assert link.findtext(f"{SVG}title") == LINKS["r0s0"][1]
    assert link[1].get("transform") == "translate(4,5)"
    assert link[1].get("fill-opacity") == "0"


def test_a_mark_without_a_list_stays_a_mark() -> None:
    root = cleaned('<a xlink:href="https://x/r1s0"><path d="M0,0h1v1z" fill="#000"/></a>')
    assert [child.tag for child in root] == [f"{SVG}g"]
    assert root.find(f".//{SVG}path") is not None


def test_what_draws_nothing_is_left_out() -> None:
    root = cleaned('<g><g><path d="" fill="#000"/></g></g><path d="M0,0" /><g transform="translate(0,0)"><rect/></g>')
    assert [child.tag for child in root[0]] == [f"{SVG}desc", f"{SVG}rect"]


def test_texts_stay_texts() -> None:
    assert cleaned("<text>&lt;script&gt;&quot;\u200b</text>").findtext(f".//{SVG}text") == '<script>"'
