"""Hostile text in every field of every document: it asks for nothing, reads nothing, costs no more than it may, and is
printed as text or refused with a sentence that names the character and the field.

The fields are found in `documents.data`, so a new one is covered by itself.
"""

import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask

from registry.core.i18n import msg
from registry.documents import limits, produce
from registry.documents.data import Annex, Article, RegistryCopy, SigningCopy
from registry.documents.produce import (
    RENDERER,
    CannotRender,
    _explain,
    render_reading_copy,
    render_registry_copy,
    render_signing_copy,
)
from registry.documents.workers.parent import Failed, Pool

from .samples import COMMITMENTS, MADE_AT, make_parties, make_registry_copy, make_signing_copy

Document = SigningCopy | RegistryCopy
FIXED = frozenset({"language"})  # not text: one of three codes
HANG_SECONDS = 60  # tells a child that was ended from one that was not, on the busiest machine; says nothing of speed
READING_MARK = ("阅读件，不供签署", "Reading copy, not for signing")
NOT_SHOWN = re.compile(r"parties\.\d+\.field")  # names of fields for signatures


def full_signing_copy() -> SigningCopy:
    """A signing copy where every field says something."""
    return make_signing_copy(
        language="both",
        watermark="演示",
        parties=make_parties(2),
        preamble_en=("Preamble.",),
        articles=(Article("第一条", ("文字。",), COMMITMENTS),),
        articles_en=(Article("Article 1", ("Text.",)),),
        annexes=(Annex("附件", "Annex", ("文字。",), COMMITMENTS),),
    )


MAKERS: dict[str, Callable[[], Document]] = {
    "signing copy": full_signing_copy,
    "reading copy": lambda: replace(full_signing_copy(), mark=READING_MARK),
    "registry copy": lambda: make_registry_copy(watermark="演示"),
}
both = pytest.mark.parametrize("made", MAKERS.values(), ids=list(MAKERS))


def places_of(value: Any, path: str = "") -> Iterator[str]:
    """Where texts stand in a document's data: parties.0.name, articles.0.paragraphs.0 …"""
    if isinstance(value, str):
        yield path
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from places_of(item, f"{path}.{number}")
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in FIXED:
                yield from places_of(getattr(value, field.name), f"{path}.{field.name}".lstrip("."))


def with_text(value: Any, change: Callable[[str, str], str], path: str = "") -> Any:
    """The same data with every text changed, by its place."""
    if isinstance(value, str):
        return change(path, value)
    if isinstance(value, tuple):
        return tuple(with_text(item, change, f"{path}.{number}") for number, item in enumerate(value))
    if not is_dataclass(value):
        return value
    wanted = [field.name for field in fields(value) if field.name not in FIXED]
    changed = {name: with_text(getattr(value, name), change, f"{path}.{name}".lstrip(".")) for name in wanted}
    return replace(value, **changed)  # type: ignore[type-var]  # it is an instance


def render(data: Document, jpeg: bytes) -> bytes:
    """As the product does."""
    if isinstance(data, SigningCopy):
        return render_reading_copy(data) if data.mark else render_signing_copy(data)
    return render_registry_copy(data, [jpeg])


def text_of(pdf: bytes) -> str:
    """What poppler reads, without blanks and line ends."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who would notice a request."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        yield listening


def markup(port: int, canary: Path) -> str:
    """All kinds of things that ask for something, where they are not taken for text."""
    at, file = f"http://127.0.0.1:{port}", canary.as_uri()
    return (
        f"<script src={at}/j></script><img src='{at}/i'><svg onload=a()><image href=\"{at}/s\"/></svg>"
        f"<link rel=attachment href={file}><link rel=stylesheet href={at}/c><a href='{file}'>x</a>"
        f"<style>@import url({at}/m);body{{display:none}}@font-face{{font-family:x;src:url({file})}}</style>"
        f'"><object data={file}></object><iframe src={at}/f></iframe><base href={at}/><meta http-equiv=refresh>'
        f"{{{{1234*5678}}}}{{% include '{canary}' %}}${{1234*5678}}url({at}/u)]]>&lt;&#60;</p></td></table></html>"
    )


def room(path: str) -> int:
    """How long a text may be here."""
    return limits.LONGEST_CODED if path.startswith("verification") else limits.LONGEST_TEXT


@both
def test_markup_is_printed_asks_for_nothing_and_reads_nothing(
    inside: Flask, jpeg: bytes, tmp_path: Path, listener: socket.socket, made: Callable[[], Document]
) -> None:
    canary = tmp_path / "canary"
    canary.write_text("NIGHTINGALE")
    hostile = markup(listener.getsockname()[1], canary)
    pdf = render(with_text(made(), lambda path, _text: hostile[: 90 if ".table." in path else room(path)]), jpeg)
    with pytest.raises(TimeoutError):
        listener.accept()
    shown = text_of(pdf)
    assert shown.count(re.sub(r"\s", "", hostile)) >= 8
    assert "NIGHTINGALE" not in shown
    assert b"NIGHTINGALE" not in pdf
    assert str(1234 * 5678) not in shown
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert list(opened.attachments) == ["agreement.json"]
        assert "/JavaScript" not in opened.Root.get("/Names", {})
        assert {str(one.Subtype) for page in opened.pages for one in page.get("/Annots", [])} <= {"/Widget"}


@both
def test_every_field_is_printed_as_text(inside: Flask, jpeg: bytes, made: Callable[[], Document]) -> None:
    """Each place says its own number in brackets that could open an element; what poppler does not read is named."""
    data = made()
    numbers = {path: f"<{number}>" for number, path in enumerate(places_of(data), start=100)}
    shown = text_of(render(with_text(data, lambda path, _text: numbers[path]), jpeg))
    hidden = {path for path, text in numbers.items() if text not in shown}
    assert {place for place in hidden if not NOT_SHOWN.fullmatch(place)} == set()


UNPRINTABLE = {
    "bidi": ("\u202e", "U+202E"),
    "isolate": ("\u2067", "U+2067"),
    "zero width": ("\u200b", "U+200B"),
    "joiner": ("\u200d", "U+200D"),
    "order mark": ("\ufeff", "U+FEFF"),
    "nul": ("\x00", "U+0000"),
    "bell": ("\x07", "U+0007"),
    "surrogate": ("\ud800", "U+D800"),
    "other surrogate": ("\udfff", "U+DFFF"),
    "arabic": ("م", "U+0645"),
    "hebrew": ("ש", "U+05E9"),
    "emoji": ("🖋", "U+1F58B"),
    "rare": ("𬎆", "U+2C386"),
    "private": ("\ue000", "U+E000"),
    "combining": ("\u0489", "U+0489"),
}


@both
@pytest.mark.parametrize(("sign", "code"), UNPRINTABLE.values(), ids=list(UNPRINTABLE))
def test_what_cannot_be_printed_is_refused_by_its_name_and_field(
    inside: Flask, jpeg: bytes, made: Callable[[], Document], sign: str, code: str
) -> None:
    data = made()
    for place in places_of(data):
        hurt = with_text(data, lambda path, text, place=place: f"{text}{sign}" if path == place else text)  # type: ignore[misc]
        with pytest.raises(CannotRender) as caught:
            render(hurt, jpeg)
        said = caught.value.message.english
        assert code in said
        part = place.partition(".")[0]
        assert said.startswith(limits.PARTS.get(part, msg(part)).english), said
        assert caught.value.is_final


@both
def test_four_hundred_thousand_characters_are_refused_before_they_are_laid_out(
    inside: Flask, jpeg: bytes, made: Callable[[], Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, flood = made(), "字" * 400_000
    monkeypatch.setattr(produce, "_ask", lambda *_: pytest.fail("the renderer was asked"))
    for place in places_of(data):
        with pytest.raises(CannotRender) as caught:
            render(with_text(data, lambda path, text, place=place: flood if path == place else text), jpeg)  # type: ignore[misc]
        assert "these are 400000" in caught.value.message.english


def test_a_document_of_many_long_texts_is_refused(inside: Flask) -> None:
    articles = tuple(Article("", ("字" * 15_000,)) for _ in range(21))
    with pytest.raises(CannotRender) as caught:
        render_signing_copy(make_signing_copy(articles=articles))
    assert str(limits.LONGEST_DOCUMENT) in caught.value.message.english


def test_a_table_has_two_hundred_rows_at_most(inside: Flask) -> None:
    row = ("T1", "组织专场招聘会", "甲方", "2", "场", "年", "同日同地计1场", "活动台账、照片")
    table = replace(COMMITMENTS, rows=(row,) * limits.MOST_ROWS)
    assert render_signing_copy(make_signing_copy(annexes=(Annex("附件", table=table),))).startswith(b"%PDF")
    longer = replace(COMMITMENTS, rows=(row,) * (limits.MOST_ROWS + 1))
    with pytest.raises(CannotRender) as caught:
        render_signing_copy(make_signing_copy(annexes=(Annex("附件", table=longer),)))
    assert caught.value.message.english == "At most 200 rows"


@pytest.mark.parametrize(
    "text",
    ["W" * 5_000, "字" * 5_000, "e" + "\u0301" * 4_999, "。" * 5_000, "（" * 5_000, "  " * 2_500],
    ids=["word", "no break", "combining", "stops", "brackets", "blanks"],
)
def test_long_texts_of_odd_shape_keep_within_the_limits(inside: Flask, text: str) -> None:
    """Laid out within the limits, or refused by name; in a paragraph, a cell and a name alike."""
    row = (text[: limits.LONGEST_CELL], *COMMITMENTS.rows[0][1:])
    data = make_signing_copy(
        title_zh=text[:300], preamble=(text,), annexes=(Annex("附件", table=replace(COMMITMENTS, rows=(row,))),)
    )
    told = limits.problem(data)
    with pytest.raises(CannotRender) if told else nullcontext():
        assert render_signing_copy(data).startswith(b"%PDF")


def test_the_renderer_itself_ends_in_time(fonts: Path) -> None:
    """Past all checks: one paragraph of 400,000 characters, given three seconds."""
    pool = Pool(RENDERER, {"FONTCONFIG_FILE": str(fonts / "fonts.conf")}, 1, 3)
    header = {"html": f"<p>{'字' * 400_000}</p>", "identifier": "0" * 32, "made_at": MADE_AT.isoformat()}
    started = time.monotonic()
    with pytest.raises(Failed) as caught:
        pool.ask(header, [b"{}"])
    assert caught.value.code == "timeout"
    assert time.monotonic() - started < HANG_SECONDS
    assert "too large" in _explain(caught.value).message.english
    pool.close()
