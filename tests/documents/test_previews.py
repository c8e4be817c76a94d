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

    def make(digest: str, _data: object) -> Preview:
        order.append(digest)
        return Preview(digest, b"x" * 60, (b"y" * 40,))

    monkeypatch.setattr(previews, "_make", make)
    return order


def test_the_same_content_is_rendered_once(made: list[str]) -> None:
    shelf = Shelf(1000)
    first, again = shelf.get(make_signing_copy()), shelf.get(make_signing_copy())
    assert first is again
    assert len(made) == 1


def test_a_changed_content_is_rendered_anew(made: list[str]) -> None:
    shelf = Shelf(1000)
    assert shelf.get(make_signing_copy()) is not shelf.get(make_signing_copy(place="沈阳"))
    assert len(made) == 2


def test_what_was_not_looked_at_for_longest_makes_room(made: list[str]) -> None:
    shelf = Shelf(250)
    copies = [make_signing_copy(place=place) for place in ("甲", "乙", "丙")]
    shelf.get(copies[0])
    shelf.get(copies[1])
    shelf.get(copies[0])
    shelf.get(copies[2])
    shelf.get(copies[0])
    assert len(made) == 3
    shelf.get(copies[1])
    assert len(made) == 4


def test_what_is_larger_than_the_shelf_is_shown_all_the_same(made: list[str]) -> None:
    shelf = Shelf(10)
    assert shelf.get(make_signing_copy()).pages
    assert shelf.get(make_signing_copy()).pages
    assert len(made) == 2


def test_pages_are_pictures_of_the_pdf(inside: Flask) -> None:
    data = make_signing_copy(articles=make_articles(2))
    found = Shelf(10_000_000).get(data)
    assert found.digest == digest_of(data)
    assert found.pdf.startswith(b"%PDF")
    assert len(found.pages) > 1
    assert all(page.startswith(PNG) for page in found.pages)
    assert found.size < 3_000_000


def test_what_cannot_be_rendered_is_not_kept(inside: Flask) -> None:
    shelf = Shelf(10_000_000)
    for _try in range(2):
        with pytest.raises(CannotRender, match="𬎆"):
            shelf.get(make_signing_copy(title_zh="关于𬎆的协议"))
