"""Agreements for pictures of documents: plainly fictional, made of the model texts, in no database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import registry.models  # noqa: F401  # all mappers
from registry.agreements import content, papers
from registry.agreements.inputs import ArticleText, Draft, PartyLine, Term
from registry.agreements.labels import label
from registry.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementRevision,
    DocumentKind,
    PartyRole,
    SealKind,
    SignatoryStatus,
    SignatureMethod,
)
from registry.agreements.texts.catalogue import get_template
from registry.agreements.texts.numerals import plain
from registry.agreements.texts.template import ModelTemplate, VariableKind
from registry.core.i18n import speaking
from registry.documents.data import (
    Language,
    RegistryCopy,
    ScanNote,
    SealRow,
    SetAsideRow,
    SignatoryRow,
    SigningCopy,
)

MADE_AT = datetime(2026, 3, 18, 2, 30, tzinfo=UTC)
ADDRESS = "https://registry.example.gov.cn"
CODE = "7q2m9xkd4t8wbne3rz5hvj6cya"
HR_EN = "Human Resources and Social Security"
ORGANISATIONS = (  # name, short name, both in English, representative
    ("鞍山市人力资源和社会保障局", "鞍山", f"Anshan Municipal {HR_EN} Bureau", "Anshan", "王喆堃（局长）"),
    ("示例工业大学", "示例工大", "Example University of Technology", "Example University", "赵玥浐（副校长）"),
    ("大连市人力资源和社会保障局", "大连", f"Dalian Municipal {HR_EN} Bureau", "Dalian", "李示例"),
    (
        "内蒙古自治区呼伦贝尔市鄂温克族自治旗人力资源和社会保障局毕业生就业指导服务中心",
        "鄂温克旗",
        "Graduate Employment Guidance and Service Centre of the Evenk Autonomous Banner",
        "Evenk Banner",
        "张示例",
    ),
    ("吉林省人力资源和社会保障厅", "吉林", f"Department of {HR_EN} of Jilin", "Jilin", "陈示例"),
    ("黑龙江省人力资源和社会保障厅", "黑龙江", f"Department of {HR_EN} of Heilongjiang", "Heilongjiang", "刘示例"),
    ("沈阳市人力资源和社会保障局", "沈阳", f"Shenyang Municipal {HR_EN} Bureau", "Shenyang", "周示例"),
    ("样本师范大学", "样本师大", "Sample Normal University", "Sample Normal", "吴示例"),
)
SAMPLES: dict[VariableKind, Any] = {
    VariableKind.TEXT: "示例",
    VariableKind.LONGTEXT: "更好服务地方产业发展和高校毕业生就业",
    VariableKind.DATE: "2026-11-22",
    VariableKind.INT: 20,
    VariableKind.DECIMAL: "1.5",
    VariableKind.LIST: ["钢铁新材料", "装备制造"],
}
PROOF = (
    ("证书主体 Certificate subject", "CN=DEVELOPMENT 示例工业大学"),
    ("证书序列号 Certificate serial", "4F3A9C0B1D2E77A1"),
    ("已签文件 Signed file SHA-256", "986efa7c76f12d57" * 4),
)
ELSEWHERE = (
    ("外部签章来源 Sealed elsewhere by", "示例省统一电子印章系统"),
    ("外部文件 External file SHA-256", "0f" * 32),
)
TITLES_EN = {  # where the model text's title has a Chinese name in it
    "strategic": "Strategic Cooperation Agreement of Three Provinces and One Region on Graduate Employment",
    "workstation": "Agreement on the Joint Talent Workstation of Liaoning and Northwest University",
}
FURTHER = "双方指定专人负责，每季度通报一次进展；遇有困难的，于5个工作日内书面告知对方，并提出补救安排。"
FURTHER_EN = "Each Party names a person in charge and reports once a quarter, difficulties within five working days."


def agreement_of(code: str, parties: int, *, articles: int = 0, number: str = "鞍校地协〔2026〕1号") -> Agreement:
    """An agreement that exists only here, from a model text; with `articles` it is made that long."""
    template = get_template(code)
    assert template  # noqa: S101 - the codes stand in this file
    draft = _draft(template, parties, articles)
    names = {str(place): name[0] for place, name in enumerate(ORGANISATIONS)}
    text = content.compose(draft, names)
    text["facts"] = {str(place): _facts(place - 1) for place in range(1, parties + 1)}
    zh, en = content.suggested_titles(text, {int(k): content.PartyFacts(**v) for k, v in text["facts"].items()})
    en = TITLES_EN.get(code, en)
    text |= {"title_zh": zh, "title_en": en}
    made = Agreement(
        title_zh=zh, title_en=en, number=number, signing_place="鞍山市", verification_code=CODE, is_demo=False,
        public_id="01K5Z0EXAMPLE0000000000000",
    )  # fmt: skip
    made.all_parties = [_party(place) for place in range(parties)]
    digest = content.digest(text)
    made.revisions = [AgreementRevision(no=1, content=text, hash_version="c1", submitted_at=MADE_AT)]
    made.revisions[0].content_sha256 = digest
    return made


def _draft(template: ModelTemplate, parties: int, articles: int) -> Draft:
    asked = [variable for variable in template.asked if variable.required or variable.name in template.targets]
    values = {one.name: one.default or one.example or SAMPLES[one.kind] for one in asked}
    return Draft(
        kind=template.kind, title_zh="", template=template.code, variables=values,
        articles=_articles(template, articles),
        parties=tuple(PartyLine(str(place), department="就业处") for place in range(parties)),
        term=Term(months=36) if not template.needs_last_day else Term(expires_on=date(2027, 12, 31)),
        copies_total=2 * parties, copies_each=2, signing_place="鞍山市",
    )  # fmt: skip


def _articles(template: ModelTemplate, most: int) -> tuple[ArticleText, ...]:
    """Those of the model text, and as many more as are wanted."""
    own = [ArticleText(one.key, one.heading_zh, one.text_zh, one.heading_en, one.text_en) for one in template.articles]
    more = (
        ArticleText(
            f"x{number}", f"第{plain(number)}条　补充约定", FURTHER * 2, f"Article {number} Further", FURTHER_EN
        )
        for number in range(len(own), most + 1)
    )
    return (*own, *more)


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
    """A registry copy with every way to sign, and one signature that was voided; in an application, for its words."""
    with speaking("zh"):
        return _certificate(edition(agreement_of("strategic", 4), "both", signing=True))


def _certificate(made: SigningCopy) -> RegistryCopy:
    names = [party.name for party in made.parties]
    voided = label(SignatoryStatus.VOID)
    return RegistryCopy(
        title_zh=made.title_zh, title_en=made.title_en, number=made.number, parties=made.parties,
        signatories=(
            _signed(names[0], "王喆堃", "局长", SignatureMethod.WET_INK, "2026年3月18日"),
            _signed(names[1], "赵玥浐", "副校长", SignatureMethod.DIGITAL, "2026年3月18日10:30:05", PROOF),
            _signed(names[2], "李示例", "局长", SignatureMethod.E_SEAL, "2026年3月19日", ELSEWHERE),
            _signed(names[3], "张示例", "主任", SignatureMethod.SCAN, "2026年3月20日"),
        ),
        dates=(
            ("签约日期", "Signed on", "2026年3月20日"), ("生效日期", "Effective on", "2026年3月20日"),
            ("到期日期", "Expires on", "2029年3月19日"),
        ),
        verification=replace(made.verification, url=f"{ADDRESS}/v/{CODE}"), verify_code=CODE,
        checkpoint="118 " + "0f" * 32, made_at=MADE_AT, record=b"{}",
        seals=(_seal(names[0], "2026年3月18日"), _seal(names[3], "2026年3月20日")),
        set_aside=(
            SetAsideRow(names[1], "赵玥浐", str(voided), voided.english, "职务书写有误，重新签署", "2026年3月17日"),
        ),
        scans=(_scan(names[0], "ab"), _scan(names[3], "cd")),
    )  # fmt: skip


def _signed(
    party: str, name: str, title: str, method: SignatureMethod, on: str, proof: tuple[tuple[str, str], ...] = ()
) -> SignatoryRow:
    said = label(method)
    return SignatoryRow(party, name, title, str(said), on, said.english, proof)


def _seal(party: str, on: str) -> SealRow:
    return SealRow(party, str(label(SealKind.OFFICIAL)), on, 8)


def _scan(party: str, sign: str) -> ScanNote:
    return ScanNote(f"{party} {label(DocumentKind.PARTY_SCAN)}", sign * 32)
