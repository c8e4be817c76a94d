"""What the paper of each kind of change says, in both languages, and as the parties get it to sign."""

import re
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from flask import Flask

from registry.agreements import papers
from registry.agreements.content import digest, rendered
from registry.agreements.inputs import PartyLine, Term
from registry.agreements.models import Agreement, AgreementRevision, RevisionKind
from registry.agreements.participants import CHANGE
from registry.agreements.services import entry
from registry.agreements.texts.derive import PartyFacts
from registry.agreements.texts.rendering import RenderedText
from registry.core.db import transaction
from registry.core.i18n import speaking
from registry.documents import produce
from registry.documents.data import FIELD_PREFIX, SigningCopy
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side

from .contents import small

NUMBER, URL = "鞍校地协〔2026〕1号", "https://registry.example"
FACTS = {
    1: PartyFacts("鞍山市人力资源和社会保障局", name_en="Anshan HR Bureau"),
    2: PartyFacts("西北工业大学", name_en="Northwestern Polytechnical University"),
    3: PartyFacts("东北大学", name_en="Northeastern University"),
}
KINDS = ("amendment", "correction", "accession", "withdrawal", "termination")
AMENDED: Mapping[str, Any] = {"term": Term(months=60), "language": "both", "title_en": "Framework agreement"}
NAMES: Mapping[str, tuple[str, str]] = {
    "amendment": ("变更协议", "Amendment"),
    "correction": ("更正协议", "Correction"),
    "accession": ("加入协议", "Accession"),
    "withdrawal": ("退出协议", "Withdrawal"),
    "termination": ("终止协议", "Termination agreement"),
}


def third(position: int = 3) -> dict[str, Any]:
    """The line of a third party."""
    second: dict[str, Any] = small()["parties"][1]
    return second | {"position": position, "organisation": "01THIRD", "name": "东北大学"}


def changing(kind: str, **about: Any) -> dict[str, Any]:
    """A content that changes the third text of an agreement."""
    change = {
        "kind": kind,
        "base": {"no": 3, "content_sha256": digest(small())},
        "reason": "学科调整。",
        "effective_from": "2026-12-01",
        "leaving": [third()] if kind == "withdrawal" else [],
        "arrangements": "",
    }
    return small() | {"title_en": "Framework agreement", "number": NUMBER, CHANGE: change | about}


def text_of(content: dict[str, Any], language: str) -> RenderedText:
    """The paper."""
    return rendered(content, FACTS, language)


def said(text: RenderedText) -> str:
    """Everything that stands in it."""
    return "\n".join(text.characters())


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    def test_names_number_base_day_and_reason_in_chinese(self, kind: str) -> None:
        text = text_of(changing(kind), "zh")
        assert text.title == f"关于{small()['title_zh']}的{NAMES[kind][0]}"
        for part in (NUMBER, "第3版文本", "2026年12月1日", "学科调整", small()["title_zh"]):
            assert part in said(text)
        assert "学科调整。。" not in said(text)

    def test_names_number_base_day_and_reason_in_english(self, kind: str) -> None:
        text = text_of(changing(kind), "en")
        assert text.title.startswith(f"{NAMES[kind][1]} of ")
        for part in (NUMBER, "text no. 3", "1 December 2026", "学科调整"):
            assert part in said(text)
        assert ".." not in said(text)

    def test_without_a_day_it_counts_from_the_last_seal(self, kind: str) -> None:
        content = changing(kind, effective_from=None)
        assert "本协议各方签署并盖章完毕之日" in said(text_of(content, "zh"))
        assert "the day on which every party has signed and sealed" in said(text_of(content, "en"))

    def test_leaves_lines_to_write_on_for_what_is_not_known_yet(self, kind: str) -> None:
        content = changing(kind, reason="") | {"number": None}
        for language in ("zh", "en"):
            assert "None" not in said(text_of(content, language))
            assert "＿" in said(text_of(content, language)) or "__" in said(text_of(content, language))

    def test_braces_in_a_title_are_text(self, kind: str) -> None:
        content = changing(kind, reason="{number}") | {"title_zh": "关于{day}的协议", "title_en": "On {day}"}
        assert "关于{day}的协议" in said(text_of(content, "zh"))
        assert "On {day}" in text_of(content, "en").title


@pytest.mark.parametrize("kind", ["amendment", "correction", "accession"])
def test_a_restated_text_says_so_and_keeps_its_articles(kind: str) -> None:
    text = text_of(changing(kind), "zh")
    assert "以下列全文为准" in text.preamble[0].text
    assert [article.key for article in text.articles][:3] == ["1", "2", "3"]
    assert text.tasks.rows


class TestAShortPaper:
    @pytest.mark.parametrize("kind", ["withdrawal", "termination"])
    def test_is_a_statement_of_its_own(self, kind: str) -> None:
        for language in ("zh", "en"):
            text = text_of(changing(kind), language)
            assert [article.key for article in text.articles] == ["what", "why", "settled", "final"]
            assert (text.preamble, text.tasks.rows) == ((), ())
            assert all(article.heading and article.pieces for article in text.articles)

    def test_names_who_leaves_with_its_letter(self) -> None:
        assert "东北大学（丙方）自2026年12月1日起退出" in said(text_of(changing("withdrawal"), "zh"))
        assert "Northeastern University (Party C) withdraws" in said(text_of(changing("withdrawal"), "en"))

    def test_names_everybody_who_leaves(self) -> None:
        four = third(4) | {"organisation": "01FOUR", "name": "吉林大学"}
        content = changing("withdrawal", leaving=[third(), four])
        facts = FACTS | {4: PartyFacts("吉林大学", name_en="Jilin University")}
        assert "东北大学（丙方）、吉林大学（丁方）自" in said(rendered(content, facts, "zh"))
        english = "Northeastern University (Party C) and Jilin University (Party D) withdraw from"
        assert english in said(rendered(content, facts, "en"))

    def test_tells_the_arrangements_line_by_line(self) -> None:
        text = text_of(changing("termination", arrangements="资料移交完毕。\n\n经费结清。"), "zh")
        assert [piece.text for piece in text.articles[2].pieces] == ["资料移交完毕。", "经费结清。"]
        plain = text_of(changing("termination"), "zh").articles[2].pieces
        assert [piece.text for piece in plain] == ["已经履行的部分不受影响，尚未履行的部分不再履行。"]


def test_a_first_text_and_a_renewal_are_left_as_they_are() -> None:
    assert text_of(small(), "zh").title == small()["title_zh"]
    assert text_of(changing("renewal"), "zh").title == small()["title_zh"]


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def drafted(scene: Scene, kind: str) -> tuple[Agreement, AgreementRevision, list[str]]:
    """A change of this kind that is being negotiated, and the parties whose signatures it needs."""
    bureau, university, other = "鞍山市人力资源和社会保障局", "西北工业大学", "东北大学"
    about = {"reason": "学科调整", "effective_from": date(2030, 1, 1)}
    if kind == "withdrawal":
        agreement, _side = scene.in_force_of_three()
        scene.change(agreement, RevisionKind.WITHDRAWAL, **about, leaving=frozenset({3}))
    elif kind == "accession":
        agreement = scene.in_force_with_own_text()
        side = make_side(other, OrganisationKind.UNIVERSITY)
        lines = (*scene.draft_input().parties, PartyLine(side.organisation.public_id, representative="测试丙"))
        scene.change(agreement, RevisionKind.ACCESSION, **about)
        entry.edit(agreement, scene.own_text(parties=lines, copies_total=6), scene.bureau.handler)
    else:
        agreement = scene.in_force()
        scene.change(agreement, RevisionKind(kind), **about)
        edited = {"signing_place": "沈阳市", **(AMENDED if kind == "amendment" else {})}
        if kind != "termination":
            entry.edit(agreement, scene.draft_input(**edited), scene.bureau.handler)
    scene.pass_review(agreement)
    assert agreement.open_revision
    signing = {"withdrawal": [bureau, other], "accession": [bureau, university, other]}
    return agreement, agreement.open_revision, signing.get(kind, [bureau, university])


def pages_of(pdf: bytes) -> str:
    """The file's text without blanks and line ends."""
    with pdfplumber.open(BytesIO(pdf)) as file:
        return re.sub(r"\s", "", "".join(page.extract_text() for page in file.pages))


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("kind", KINDS)
def test_the_signing_copy_is_a_paper_to_sign(scene: Scene, kind: str, tmp_path: Path) -> None:
    """One real PDF for each kind, read back."""
    with transaction():
        agreement, revision, signing = drafted(scene, kind)
        agreement.verification_code = "f" * 32
    with speaking("zh"):
        data = papers.signing_copy(agreement, revision, URL)
    assert [cell.name for cell in data.parties] == signing
    pdf = produce.render_signing_copy(data)
    (tmp_path / f"{kind}.pdf").write_bytes(pdf)
    found = pages_of(pdf)
    title = f"关于{agreement.title_zh}的{NAMES[kind][0]}"
    assert title in found
    assert agreement.number
    assert agreement.number in found
    is_short = kind in ("withdrawal", "termination")
    assert ("变更对照表" in found.replace("附件“变更对照表”", "")) is not is_short
    if not is_short:
        for words in ("变动之处", "原文", "现文", *changed(data)):
            assert words in found
    with pdfplumber.open(BytesIO(pdf)) as file:
        fields = {str(note["data"].get("T")) for page in file.pages for note in page.annots}
    wanted = {f"{FIELD_PREFIX}{party.position}" for party in agreement.all_parties if party.name in signing}
    assert {name.strip("b'") for name in fields if FIELD_PREFIX in name} == wanted
    assert found.count("（盖章）") == len(signing)


def changed(data: SigningCopy) -> list[str]:
    """The first words of each cell of the table of changes."""
    table = data.annexes[0].table
    assert table
    assert table.rows
    return [re.sub(r"\s", "", cell)[:8] for row in table.rows for cell in row]
