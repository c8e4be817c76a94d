"""What the signing copy is: archivable, reproducible, complete, and deaf to whatever the text asks for."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import page as conformance
import pikepdf
import pytest
import segno
from flask import Flask
from PIL import Image
from weasyprint.layout import inline
from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse, fetch

from registry.core.config import ROOT
from registry.documents import produce
from registry.documents.data import Article, SigningCopy
from registry.documents.html import qr_image, signing_copy_html, split_lead
from registry.documents.places import places
from registry.documents.produce import RENDERER, CannotRender, render_registry_copy, render_signing_copy
from registry.documents.rendering import justify
from registry.documents.rendering.fetcher import OwnFetcher
from registry.documents.uploads import inspect
from registry.documents.workers.parent import Failed, Pool

from .samples import MADE_AT, VERIFICATION, make_articles, make_parties, make_registry_copy, make_signing_copy

PROGRAM = """
import hashlib, sys
from pathlib import Path
from registry.app import create_app
from registry.core.config import DEMO_SECRET, Settings
from registry.documents.produce import render_registry_copy, render_signing_copy
from tests.documents.conftest import make_image
from tests.documents.samples import make_parties, make_registry_copy, make_signing_copy
from registry.documents.data import Article
here = Path(sys.argv[1])
app = create_app(Settings(DEMO_SECRET, "sqlite://", here, demo=True, testing=True, fonts=Path(sys.argv[2])))
both = dict(language="both", articles_en=(Article("Article 1", ("Text.",)),))
copies = [make_signing_copy(parties=make_parties(count), **more) for count in (2, 4, 8) for more in ({}, both)]
with app.app_context():
    for copy in [*copies, *reversed(copies)]:  # each a second time, after others
        print(hashlib.sha256(render_signing_copy(copy)).hexdigest())
    pdf = render_registry_copy(make_registry_copy(), [make_image("JPEG", (1240, 1754))])
    print(hashlib.sha256(pdf).hexdigest())
"""
HERE = {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
ELSEWHERE = {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "2", "LANG": "de_DE"}


def failures(pdf: bytes) -> list[str]:
    """What an independent checker has against the file as PDF/A-3u."""
    report = conformance.validate_pdf_bytes(pdf, profile=conformance.ValidationProfile.PDF_A_3U)
    return [f"{failure.rule_id}: {failure.message}" for failure in report.failures]


def text_of(pdf: bytes) -> str:
    """The text as poppler reads it."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def render(house: Flask, data: SigningCopy) -> bytes:
    """Render in this house."""
    with house.app_context():
        return render_signing_copy(data)


def test_it_can_be_archived(signing_copy: bytes) -> None:
    assert failures(signing_copy) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "both", "articles_en": (Article("Article 1", ("Text.",)),), "watermark": "演示"},
        {"parties": make_parties(8), "articles": make_articles(40)},
        {"articles": (), "preamble": (), "annexes": (), "number": "", "place": "", "title_en": ""},
    ],
)
def test_every_shape_can_be_archived(house: Flask, changes: dict[str, Any]) -> None:
    assert failures(render(house, make_signing_copy(**changes))) == []


def test_the_checker_can_fail(signing_copy: bytes) -> None:
    with pikepdf.open(BytesIO(signing_copy)) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("1"))
        target = BytesIO()
        pdf.save(target)
    assert failures(target.getvalue())


def test_all_fonts_are_embedded_subsets(signing_copy: bytes) -> None:
    with pikepdf.open(BytesIO(signing_copy)) as pdf:
        fonts = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
        descriptors = [font.FontDescriptor for font in fonts if "/FontDescriptor" in font]
    assert len(descriptors) >= 4
    assert all("/FontFile3" in one or "/FontFile2" in one for one in descriptors)


def test_it_is_small(signing_copy: bytes) -> None:
    assert len(signing_copy) < 400_000


def test_metadata_can_be_read_without_unpacking(signing_copy: bytes) -> None:
    assert b"<pdfaid:" in signing_copy or b'pdfaid:part="3"' in signing_copy


def test_the_record_goes_along(signing_copy: bytes) -> None:
    with pikepdf.open(BytesIO(signing_copy)) as pdf:
        (name,) = pdf.attachments
        inside = pdf.attachments[name]
        assert name == "agreement.json"
        assert inside.relationship == pikepdf.Name.Data
        assert json.loads(inside.get_file().read_bytes()) == {"title": "框架协议"}
        assert inside.get_file().mime_type == "application/json"
        assert pdf.Root.AF[0].AFRelationship == pikepdf.Name.Data


def test_the_same_data_make_the_same_bytes(house: Flask, signing_copy: bytes) -> None:
    assert render(house, make_signing_copy()) == signing_copy
    assert render(house, make_signing_copy(place="沈阳")) != signing_copy


def test_the_same_bytes_come_everywhere_and_after_whatever_else(fonts: Path, tmp_path: Path) -> None:
    """Two, four and eight parties, in one language and in both, and the registry copy before its signature."""
    with ThreadPoolExecutor(2) as threads:
        here, elsewhere = threads.map(
            lambda given: digests(fonts, tmp_path / given["TZ"][:4], given), (HERE, ELSEWHERE)
        )
    assert here == elsewhere
    copies, registry_copy = here[:-1], here[-1]
    assert copies == copies[::-1]
    assert len({*copies, registry_copy}) == 7


def test_the_renderer_does_not_look_at_its_surroundings(fonts: Path) -> None:
    """The pool fixes them for its children; without that the bytes are the same too."""
    data = make_signing_copy()
    header = {"html": signing_copy_html(data), "identifier": "0" * 32, "made_at": data.made_at.isoformat()}
    made = []
    for given in (HERE, ELSEWHERE):
        pool = Pool(RENDERER, {**given, "FONTCONFIG_FILE": str(fonts / "fonts.conf")}, 1, 60)
        made.append(pool.ask(header, [data.record]).blobs)
        pool.close()
    assert made[0] == made[1]


def digests(fonts: Path, folder: Path, surroundings: dict[str, str]) -> list[str]:
    """What a process of its own makes."""
    folder.mkdir()
    command = [sys.executable, "-c", PROGRAM, str(folder), str(fonts)]
    given = {**os.environ, "PYTHONPATH": str(ROOT), **surroundings}
    return subprocess.run(command, capture_output=True, check=True, env=given, cwd=folder).stdout.decode().split()


def test_dates_come_from_the_data(signing_copy: bytes) -> None:
    with pikepdf.open(BytesIO(signing_copy)) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20230318023000")
        assert MADE_AT.isoformat() in pdf.open_metadata()["xmp:CreateDate"]


def test_the_last_page_tells_how_to_check(signing_copy: bytes) -> None:
    last = re.sub(r"\s", "", text_of(signing_copy).split("\f")[-2])
    for said in (
        VERIFICATION.url,
        VERIFICATION.registry_no,
        VERIFICATION.content_sha256,
        VERIFICATION.content_sm3,
        "本文件哈希仅用于完整性校验，不构成电子签名",
    ):
        assert said in last


def test_the_qr_code_says_the_address(signing_copy: bytes) -> None:
    """The picture in the file holds the modules of the address's code, dot by dot."""
    with pikepdf.open(BytesIO(signing_copy)) as pdf:
        pictures = [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Width")]
        assert len(pictures) == 1
        found = pikepdf.PdfImage(pictures[0]).as_pil_image().convert("1")
    code = segno.make(VERIFICATION.url, error="m", micro=False)
    scale = found.width // (len(code.matrix) + 4)
    dots = [
        [int(not found.getpixel(((x + 2) * scale + 1, (y + 2) * scale + 1))) for x in range(len(code.matrix))]
        for y in range(len(code.matrix))
    ]
    assert dots == [list(row) for row in code.matrix]
    assert found.width == found.height


def test_the_qr_image_is_small_enough_for_the_fetcher() -> None:
    longest = replace(VERIFICATION, url="https://registry.example.gov.cn/v/" + "A" * 200)
    assert len(qr_image(longest)) < 20_000


def test_rare_names_are_shown(house: Flask) -> None:
    pdf = render(house, make_signing_copy(preamble=("王喆堃、李玥、张镕、赵翀、周翚、牛犇，浐河，䶮。",)))
    for sign in "喆堃玥镕翀翚犇浐䶮":
        assert sign in text_of(pdf)


def test_a_character_that_no_font_has_is_named(house: Flask) -> None:
    with pytest.raises(CannotRender) as caught:
        render(house, make_signing_copy(preamble=("负责人王𬎆，𠮷野。",)))
    assert caught.value.message.english == "Preamble (1): no font has these characters: 𬎆 (U+2C386)、𠮷 (U+20BB7)"


def test_forty_articles_take_their_pages(house: Flask) -> None:
    text = text_of(render(house, make_signing_copy(articles=make_articles(40))))
    assert text.count("\f") > 10
    assert "第四十条" in text


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src='http://169.254.169.254/latest'>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>@import url(http://example.com/x.css); body{display:none}</style>",
    "{{ 7*7 }}{% include '/etc/passwd' %}",
    "</p></body></html>",
    "<a href='javascript:alert(1)'>x</a>",
    '"><svg onload=alert(1)>',
    "url(file:///etc/passwd)",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(house: Flask, text: str) -> None:
    parties = tuple(
        replace(party, name=text, name_en=text, address=text, representative=text) for party in make_parties(2)
    )
    data = make_signing_copy(
        title_zh=text,
        title_en=text,
        number=text,
        place=text,
        parties=parties,
        preamble=(text,),
        preamble_en=(text,),
        articles=(Article(text, (text,)),),
        articles_en=(Article(text, (text,)),),
        language="both",
    )
    pdf = render(house, data)
    shown = re.sub(r"\s", "", text_of(pdf))
    assert shown.count(re.sub(r"\s", "", text)) >= 5
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert list(opened.attachments) == ["agreement.json"]
        shown_annotations = [one for page in opened.pages for one in page.get("/Annots", [])]
        assert {str(one.FT) for one in shown_annotations} == {"/Sig"}


def test_hostile_text_stays_escaped_in_the_page() -> None:
    page = signing_copy_html(make_signing_copy(number="\"><img src='http://example.com'>", title_zh="<b>"))
    assert "<img src='http" not in page
    assert "<b>" not in page.split("<body>")[1].split("</h1>")[0]


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/a.png",
        "https://example.com",
        "file:///etc/passwd",
        "ftp://example.com/x",
        "asset:9",
        "data:text/html,<b>",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64," + "A" * 200_000,
    ],
)
def test_nothing_outside_is_fetched(address: str) -> None:
    with pytest.raises(FatalURLFetchingError), fetch(OwnFetcher({"0": b"x"}), address):
        pytest.fail("it was fetched")


def test_what_came_along_is_fetched() -> None:
    with fetch(OwnFetcher({"0": b"bytes"}), "asset:0") as answer:
        assert isinstance(answer, URLFetcherResponse)
        assert answer.read() == b"bytes"


def test_a_page_that_asks_for_something_fails(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(produce, "signing_copy_html", lambda _data: "<img src='http://127.0.0.1:9/x.png'>")
    with pytest.raises(CannotRender) as caught:
        render(house, make_signing_copy())
    assert isinstance(caught.value.__cause__, Failed)
    assert caught.value.__cause__.code == "outside"
    monkeypatch.undo()
    assert render(house, make_signing_copy()).startswith(b"%PDF")


def test_without_fonts_it_says_which_command(house: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with house.app_context():
        there = places()
        monkeypatch.setattr("registry.documents.produce.places", lambda: replace(there, fonts=tmp_path))
        with pytest.raises(CannotRender) as caught:
            render_signing_copy(make_signing_copy())
    assert "build-fonts" in str(caught.value.message.key)


@pytest.mark.parametrize("code", ["timeout", "memory", "busy", "no_subset", "crash", "died"])
def test_every_failure_has_words(code: str) -> None:
    assert str(produce._explain(Failed(code)).message.key)


def test_two_documents_are_made_at_once(house: Flask) -> None:
    made: list[bytes] = []
    threads = [Thread(target=lambda: made.append(render(house, make_signing_copy()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert len(made) == 3


def test_an_unknown_weasyprint_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = inline.justify_line
    monkeypatch.setattr(justify, "VERSION", "71.0")
    assert not justify.install()
    assert inline.justify_line is before


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("（一）校园招聘。甲方每年组织。", "（一）校园招聘。"),
        ("（十二）附则。未尽事宜。", "（十二）附则。"),
        ("（七）双方商定的其他事项。", ""),
        ("（一）确定牵头单位和联络员，汇总企业岗位和实习需求并及时更新；", ""),
        ("普通段落。第二句。", ""),
    ],
)
def test_numbered_headings_are_found(text: str, lead: str) -> None:
    assert split_lead(text) == (lead, text.removeprefix(lead))


def test_the_registry_copy_shows_certificate_and_scans(house: Flask, jpeg: bytes, scan: bytes) -> None:
    with house.app_context():
        pdf = render_registry_copy(make_registry_copy(), [jpeg, scan])
        pages = inspect(scan, "a.pdf").pages
    assert failures(pdf) == []
    text = text_of(pdf).split("\f")
    assert len(text) - 1 == 1 + 1 + pages
    for said in ("登记副本", "王喆堃", "用印登记", "7Q2M-9XKD-4T8W", "seq 118", "手写签名"):
        assert said in re.sub(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])", "", text[0])
    assert f"{VERIFICATION.registry_no}" in text[1]


def test_the_registry_copy_is_reproducible_until_it_is_signed(house: Flask, jpeg: bytes) -> None:
    with house.app_context():
        assert render_registry_copy(make_registry_copy(), [jpeg]) == render_registry_copy(make_registry_copy(), [jpeg])


def test_wide_scans_lie_wide(house: Flask) -> None:
    target = BytesIO()
    Image.new("L", (1600, 900), 255).save(target, "PNG")
    with house.app_context():
        pdf = render_registry_copy(make_registry_copy(), [target.getvalue()])
    with pikepdf.open(BytesIO(pdf)) as opened:
        left, bottom, right, top = (float(side) for side in opened.pages[-1].MediaBox)
    assert right - left > top - bottom
