"""Previews: rendered once for each content, few kept, ours only."""

import pytest
from flask import Flask

from registry.documents import previews
from registry.documents.previews import Preview, Shelf
from registry.documents.produce import CannotRender, digest_of

from .samples import make_articles, make_signing_copy

PNG = b"\x89PNG"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Digests in the order in which they were rendered; each preview takes 100 bytes."""
    order: list[str] = []

    def make(digest: str, _pdf: bytes) -> Preview:
        order.append(digest)
        return Preview(digest, b"x" * 60, (b"y" * 40,))

    monkeypatch.setattr(previews, "_make", make)
    monkeypatch.setattr(previews, "render_reading_copy", lambda _data: b"")
    return order


@pytest.fixture
def shelf(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A shelf of the size that the test asks for, in the place of the usual one."""
    found = Shelf(getattr(request, "param", 10_000_000))
    monkeypatch.setattr(previews, "_shelf", found)
    return found


@pytest.mark.parametrize("shelf", [1000], indirect=True)
@pytest.mark.usefixtures("shelf")
def test_the_same_content_is_rendered_once(made: list[str]) -> None:
    first, again = previews.of_copy(make_signing_copy()), previews.of_copy(make_signing_copy())
    assert first is again
    assert len(made) == 1


@pytest.mark.parametrize("shelf", [1000], indirect=True)
@pytest.mark.usefixtures("shelf")
def test_a_changed_content_is_rendered_anew(made: list[str]) -> None:
    assert previews.of_copy(make_signing_copy()) is not previews.of_copy(make_signing_copy(place="沈阳"))
    assert len(made) == 2


@pytest.mark.parametrize("shelf", [250], indirect=True)
@pytest.mark.usefixtures("shelf")
def test_what_was_not_looked_at_for_longest_makes_room(made: list[str]) -> None:
    copies = [make_signing_copy(place=place) for place in ("甲", "乙", "丙")]
    previews.of_copy(copies[0])
    previews.of_copy(copies[1])
    previews.of_copy(copies[0])
    previews.of_copy(copies[2])
    previews.of_copy(copies[0])
    assert len(made) == 3
    previews.of_copy(copies[1])
    assert len(made) == 4


@pytest.mark.parametrize("shelf", [10], indirect=True)
@pytest.mark.usefixtures("shelf")
def test_what_is_larger_than_the_shelf_is_shown_all_the_same(made: list[str]) -> None:
    assert previews.of_copy(make_signing_copy()).pages
    assert previews.of_copy(make_signing_copy()).pages
    assert len(made) == 2


def test_pages_are_pictures_of_the_pdf(inside: Flask) -> None:
    data = make_signing_copy(articles=make_articles(2))
    found = previews.of_copy(data)
    assert found.digest == digest_of(data)
    assert found.pdf.startswith(b"%PDF")
    assert len(found.pages) > 1
    assert all(page.startswith(PNG) for page in found.pages)
    assert found.size < 3_000_000


@pytest.mark.parametrize("shelf", [10_000_000], indirect=True)
@pytest.mark.usefixtures("shelf")
def test_what_cannot_be_rendered_is_not_kept(inside: Flask) -> None:
    for _try in range(2):
        with pytest.raises(CannotRender, match="𬎆"):
            previews.of_copy(make_signing_copy(title_zh="关于𬎆的协议"))


def test_a_file_is_shown_as_it_is(inside: Flask, signing_copy: bytes) -> None:
    found = previews.of_file("ab" * 32, signing_copy)
    assert found.pdf == signing_copy
    assert all(page.startswith(PNG) for page in found.pages)
