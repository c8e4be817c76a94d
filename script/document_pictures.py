"""Takes the pictures of docs/documents.md: .venv/bin/python -m script.document_pictures

Renders the model texts as the product does and puts their pages side by side, in grey and small, into docs/documents.
REGISTRY_FONTS names the folder of fonts; pdftoppm makes the pictures. No database is opened: the agreements are made
up here and forgotten again.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

import registry.models  # noqa: F401  # all mappers
from registry.agreements import content, papers
from registry.agreements.inputs import ArticleText, Draft, PartyLine, Term
from registry.agreements.models import Agreement, AgreementParty, AgreementRevision, PartyRole
from registry.agreements.texts.catalogue import get_template
from registry.agreements.texts.template import ModelTemplate, VariableKind
from registry.documents.data import (
    Language,
    RegistryCopy,
    ScanNote,
    SealRow,
    SetAsideRow,
    SignatoryRow,
    SigningCopy,
    Verification,
)
from registry.documents.html import registry_copy_html, signing_copy_html
from registry.documents.workers.parent import Pool

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "documents"
FONTS = Path(os.environ.get("REGISTRY_FONTS", ROOT / "instance" / "fonts"))
DOTS_PER_INCH, GAP, ACROSS, MOST_PAGES = 44, 8, 4, 8
GREYS = 16
MADE_AT = datetime(2026, 3, 18, 2, 30, tzinfo=UTC)
ADDRESS = "https://registry.example.gov.cn"
CODE = "7q2m9xkd4t8wbne3rz5hvj6cya"
ORGANISATIONS = (
    ("鞍山市人力资源和社会保障局", "鞍山", "Anshan Municipal Human Resources and Social Security Bureau", "Anshan", "王喆堃（局长）"),
    ("示例工业大学", "示例工大", "Example University of Technology", "Example University", "赵玥浐（副校长）"),
    ("大连市人力资源和社会保障局", "大连", "Dalian Municipal Human Resources and Social Security Bureau", "Dalian", "李示例"),
    ("内蒙古自治区呼伦贝尔市鄂温克族自治旗人力资源和社会保障局毕业生就业指导服务中心", "鄂温克旗",
     "Graduate Employment Guidance and Service Centre of the Evenk Autonomous Banner", "Evenk Banner", "张示例"),
    ("吉林省人力资源和社会保障厅", "吉林", "Department of Human Resources and Social Security of Jilin", "Jilin", "陈示例"),
    ("黑龙江省人力资源和社会保障厅", "黑龙江", "Department of Human Resources and Social Security of Heilongjiang", "Heilongjiang", "刘示例"),
    ("沈阳市人力资源和社会保障局", "沈阳", "Shenyang Municipal Human Resources and Social Security Bureau", "Shenyang", "周示例"),
    ("样本师范大学", "样本师大", "Sample Normal University", "Sample Normal", "吴示例"),
)  # fmt: skip
SAMPLES: dict[VariableKind, Any] = {
    VariableKind.TEXT: "示例",
    VariableKind.LONGTEXT: "更好服务地方产业发展和高校毕业生就业",
    VariableKind.DATE: "2026-11-22",
    VariableKind.INT: 20,
    VariableKind.DECIMAL: "1.5",
    VariableKind.LIST: ["钢铁新材料", "装备制造"],
}
FURTHER = "双方指定专人负责，每季度通报一次进展；遇有困难的，于5个工作日内书面告知对方，并提出补救安排。"
FURTHER_EN = "Each Party names a person in charge and reports once a quarter; difficulties are told in writing within five days."


def agreement_of(code: str, parties: int, *, articles: int = 0, number: str = "鞍校地协〔2026〕1号") -> Agreement:
    """An agreement that exists only here, from a model text; with `articles` it is made that long."""
    template = get_template(code)
    assert template  # noqa: S101 - the codes stand in this file
    draft = _draft(template, parties, articles)
    names = {str(place): name[0] for place, name in enumerate(ORGANISATIONS)}
    text = content.compose(draft, names)
    text["facts"] = {str(place): _facts(place - 1) for place in range(1, parties + 1)}
    zh, en = content.suggested_titles(text, {int(k): content.PartyFacts(**v) for k, v in text["facts"].items()})
    text |= {"title_zh": zh, "title_en": en}
    made = Agreement(
        title_zh=zh, title_en=en, number=number, signing_place="鞍山市", verification_code=CODE, is_demo=False,
        public_id="01K5Z0EXAMPLE0000000000000",
    )  # fmt: skip
    made.parties = [_party(place) for place in range(parties)]
    digest = content.digest(text)
    made.revisions = [AgreementRevision(no=1, content=text, hash_version="c1", submitted_at=MADE_AT)]
    made.revisions[0].content_sha256 = digest
    return made


def _draft(template: ModelTemplate, parties: int, articles: int) -> Draft:
    asked = [variable for variable in template.asked if variable.required or variable.name in template.targets]
    values = {one.name: one.default or one.example or SAMPLES[one.kind] for one in asked}
    given = [ArticleText(one.key, one.heading_zh, one.text_zh, one.heading_en, one.text_en) for one in template.articles]
    for extra in range(len(given), articles + 1):
        given.append(ArticleText(f"x{extra}", f"第{extra}条　补充约定", FURTHER * 2, f"Article {extra} Further", FURTHER_EN))
    return Draft(
        kind=template.kind, title_zh="", template=template.code, variables=values, articles=tuple(given),
        parties=tuple(PartyLine(str(place), role=PartyRole.PARTY) for place in range(parties)),
        term=Term(months=36) if not template.needs_last_day else Term(expires_on=date(2027, 12, 31)),
        copies_total=2 * parties, copies_each=2, signing_place="鞍山市",
    )  # fmt: skip


def _facts(place: int) -> dict[str, str]:
    name, short, name_en, short_en, _head = ORGANISATIONS[place]
    return {
        "name": name, "short": short, "name_en": name_en, "short_en": short_en, "uscc": f"11210300MB00000{place}0X",
        "moe_code": "", "address": f"示例省示例市示例路{place + 1}号", "superior": "",
    }  # fmt: skip


def _party(place: int) -> AgreementParty:
    return AgreementParty(
        position=place + 1, role=PartyRole.PARTY, snapshot_name=ORGANISATIONS[place][0],
        snapshot_name_en=ORGANISATIONS[place][2], snapshot_code="", snapshot_address="",
        snapshot_representative=ORGANISATIONS[place][4], name_as_reported="",
    )  # fmt: skip


def edition(made: Agreement, language: Language, *, signing: bool = False) -> SigningCopy:
    """The copy to read, or for signing."""
    revision = made.revisions[0]
    if signing:
        revision.content["language"] = language
        return papers.signing_copy(made, revision, ADDRESS)
    return papers.reading_copy(made, revision, language, ADDRESS)


def certificate() -> RegistryCopy:
    """A registry copy with every way to sign, and one signature that was voided."""
    made = edition(agreement_of("strategic", 4), "both", signing=True)
    names = [party.name for party in made.parties]
    proof = (
        ("证书主体 Certificate subject", "CN=DEVELOPMENT 示例工业大学"),
        ("证书序列号 Certificate serial", "4F3A9C0B1D2E77A1"),
        ("已签文件 Signed file SHA-256", "986efa7c76f12d57" * 4),
    )
    elsewhere = (
        ("外部签章来源 Sealed elsewhere by", "示例省统一电子印章系统"),
        ("外部文件 External file SHA-256", "0f" * 32),
    )
    return RegistryCopy(
        title_zh=made.title_zh, title_en=made.title_en, number=made.number, parties=made.parties,
        signatories=(
            SignatoryRow(names[0], "王喆堃", "局长", "纸质手写签名", "2026年3月18日", "By hand on paper"),
            SignatoryRow(names[1], "赵玥浐", "副校长", "数字签名", "2026年3月18日10:30:05", "Digital signature", proof),
            SignatoryRow(names[2], "李示例", "局长", "电子印章", "2026年3月19日", "Electronic seal", elsewhere),
            SignatoryRow(names[3], "张示例", "主任", "纸质手写签名", "2026年3月20日", "By hand on paper"),
        ),
        dates=(
            ("签约日期", "Signed on", "2026年3月20日"), ("生效日期", "Effective on", "2026年3月20日"),
            ("到期日期", "Expires on", "2029年3月19日"),
        ),
        verification=replace(made.verification, url=f"{ADDRESS}/v/{CODE}"), verify_code=CODE,
        checkpoint="118 " + "0f" * 32, made_at=MADE_AT, record=b"{}",
        seals=(SealRow(names[0], "单位公章", "2026年3月18日", 8), SealRow(names[3], "单位公章", "2026年3月20日", 8)),
        set_aside=(SetAsideRow(names[1], "赵玥浐", "签字已作废", "Signature void", "职务书写有误，重新签署", "2026年3月17日"),),
        scans=(ScanNote(f"{names[0]} 签署页扫描件", "ab" * 32), ScanNote(f"{names[3]} 签署页扫描件", "cd" * 32)),
    )  # fmt: skip


class Studio:
    """Renders, and puts pages side by side."""

    def __init__(self) -> None:
        environment = {"FONTCONFIG_FILE": str(FONTS / "fonts.conf")}
        self.pool = Pool("registry.documents.rendering.worker", environment, 1, 90)

    def pdf(self, data: SigningCopy | RegistryCopy) -> bytes:
        """The document as PDF."""
        is_copy = isinstance(data, SigningCopy)
        html = signing_copy_html(data) if isinstance(data, SigningCopy) else registry_copy_html(data, [])
        verification: Verification = data.verification
        header = {
            "html": html, "identifier": "0" * 32, "made_at": data.made_at.isoformat(),
            "page_code": verification.page_code if is_copy and verification.url else "",
        }  # fmt: skip
        return self.pool.ask(header, [data.record]).blobs[0]

    def sheet(self, name: str, *documents: SigningCopy | RegistryCopy, most: int = MOST_PAGES) -> None:
        """The first pages of documents, one after the other, as one grey picture."""
        pages = [page for data in documents for page in _pages(self.pdf(data))[:most]]
        FOLDER.mkdir(parents=True, exist_ok=True)
        path = FOLDER / f"{name}.png"
        _side_by_side(pages).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {len(pages)} pages, {path.stat().st_size // 1024} KB")


def _pages(pdf: bytes) -> list[Image.Image]:
    with TemporaryDirectory() as work:
        command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-gray", "-", f"{work}/p"]
        subprocess.run(command, input=pdf, check=True)  # noqa: S603 - a fixed command
        return [Image.open(BytesIO(path.read_bytes())).convert("L") for path in sorted(Path(work).iterdir())]


def _side_by_side(pages: Sequence[Image.Image]) -> Image.Image:
    width, height = pages[0].size
    across = min(ACROSS, len(pages))
    rows = -(-len(pages) // across)
    sheet = Image.new("L", (across * (width + GAP) - GAP, rows * (height + GAP) - GAP), 150)
    for place, page in enumerate(pages):
        sheet.paste(page, (place % across * (width + GAP), place // across * (height + GAP)))
    return sheet.point(lambda grey: round(grey / 255 * (GREYS - 1)) * 255 // (GREYS - 1))


def main(*wanted: str) -> None:
    """Take them all, or those that are named."""
    framework, eight = agreement_of("framework", 2), agreement_of("strategic", 8)
    sheets: dict[str, tuple[SigningCopy | RegistryCopy, ...]] = {
        "framework-zh": (edition(framework, "zh", signing=True),),
        "framework-both": (edition(framework, "both"),),
        "framework-en": (edition(framework, "en"),),
        "workstation-zh": (edition(agreement_of("workstation", 3), "zh", signing=True),),
        "docking-zh": (edition(agreement_of("docking", 2), "zh", signing=True),),
        "strategic-4-zh": (edition(agreement_of("strategic", 4), "zh", signing=True),),
        "strategic-8-both": (edition(eight, "both", signing=True),),
        "long-40-zh": (edition(agreement_of("framework", 2, articles=40), "zh", signing=True),),
        "certificate": (certificate(),),
    }
    studio = Studio()
    for name, documents in sheets.items():
        if not wanted or name in wanted:
            studio.sheet(name, *documents, most=12 if name.startswith("long") else MOST_PAGES)
    studio.pool.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
