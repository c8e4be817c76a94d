"""Documents to render in tests: plainly fictional people, the framework agreement's real kind of text."""

from dataclasses import replace
from datetime import UTC, datetime

from registry.documents.data import (
    FIELD_PREFIX,
    Annex,
    Article,
    PartyCell,
    RegistryCopy,
    ScanNote,
    SealRow,
    SignatoryRow,
    SigningCopy,
    Table,
    Verification,
)

LABELS = "甲乙丙丁戊己庚辛"
MADE_AT = datetime(2023, 3, 18, 2, 30, tzinfo=UTC)
VERIFICATION = Verification(
    url="https://registry.example.gov.cn/v/7Q2M9XKD4T8WBNE3RZ5HVJ6CYA",
    registry_no="01GVXJ3M8Q4T7Z2N5K6W9R0BCD",
    content_sha256="986efa7c76f12d57" * 4,
    content_sm3="66c7f0f462eeedd9" * 4,
)
PARTIES = (
    PartyCell(
        label="甲方",
        label_en="Party A",
        name="鞍山市人力资源和社会保障局",
        name_en="Anshan Municipal Human Resources and Social Security Bureau",
        code="11210300MB0000000X",
        address="辽宁省鞍山市铁东区示例路1号",
        representative="王喆堃（局长）",
    ),
    PartyCell(
        label="乙方",
        label_en="Party B",
        name="西北工业大学",
        name_en="Northwestern Polytechnical University",
        code_label="学校标识码",
        code_label_en="School code",
        code="4161010699",
        address="陕西省西安市碑林区友谊西路127号",
        representative="赵翀（副校长）",
    ),
)
PREAMBLE = (
    "为更好服务鞍山产业发展和西北工业大学毕业生就业，发挥甲方产业和政策优势、乙方学科和人才优势，双方在平等协商的基础上"
    "订立本协议。",
)
GOALS = (
    "双方以高校毕业生充分就业和地方产业振兴为目标，建立常态化、制度化的校地合作机制，力争三年内组织鞍山市重点企业进校"
    "招聘不少于30场次，提供岗位不少于6000个，引进西北工业大学毕业生来鞍就业创业不少于300人，共建就业见习（实习）基地5家。"
)
ITEMS = (
    "（一）毕业生就业与人才引进。甲方围绕钢铁新材料、装备制造、菱镁新材料等产业发布急需紧缺岗位；乙方组织材料、机械、"
    "自动化等专业学生对接，并协助宣传甲方就业创业政策。",
    "（二）校园招聘。甲方每年组织用人单位进校园开展专场招聘；乙方提供场地、时间安排和学生组织便利。",
    "（三）实习见习和基地。甲方协调辖区单位开放实习、见习岗位；乙方将符合条件的单位纳入校外实习实训基地管理。",
    "（四）人才工作站。条件成熟时，双方可在乙方校内共建人才合作工作站，具体事项另签共建协议。",
    "（五）双方商定的其他事项。",
)
COMMITMENTS = Table(
    ("编号", "任务", "责任方", "目标值", "单位", "周期", "统计口径", "佐证"),
    (
        ("T1", "组织专场招聘会", "甲方", "2", "场", "年", "同日同地计1场", "活动台账、照片"),
        ("T2", "政策与岗位宣讲", "甲方", "2", "场", "年", "含线上", "签到或后台数据"),
        ("T5", "选派实习学生", "乙方", "50", "人", "年", "按实际到岗", "到岗名册（不外传）"),
        ("T7", "共建实习实训基地", "双方", "5", "个", "协议期", "已挂牌", "协议、铭牌"),
    ),
)
NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """1 → 一 … 99 → 九十九."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else NUMERALS[tens - 1] + "十"
    return ten + (NUMERALS[ones - 1] if ones else "")


def make_articles(count: int) -> tuple[Article, ...]:
    """So many articles, short and long by turns."""
    return tuple(_article(number) for number in range(1, count + 1))


def _article(number: int) -> Article:
    if number % 3:
        return Article(f"第{numeral(number)}条　合作目标", (GOALS,))
    return Article(f"第{numeral(number)}条　合作内容", ITEMS)


def make_parties(count: int) -> tuple[PartyCell, ...]:
    """Between one and eight parties."""
    return tuple(
        replace(
            PARTIES[number % 2],
            field=f"{FIELD_PREFIX}{number + 1}",
            label=f"{LABELS[number]}方",
            label_en=f"Party {'ABCDEFGH'[number]}",
        )
        for number in range(count)
    )


def make_signing_copy(**changes: object) -> SigningCopy:
    """The framework agreement between Anshan and Northwestern Polytechnical University."""
    data = SigningCopy(
        title_zh="鞍山市与西北工业大学校地合作框架协议",
        title_en="School–Locality Cooperation Framework Agreement of Anshan and Northwestern Polytechnical University",
        number="鞍校地协〔2023〕1号",
        parties=PARTIES,
        preamble=PREAMBLE,
        articles=make_articles(6),
        annexes=(Annex("合作事项及里程碑清单", "Annex: Commitments and Milestones", (), COMMITMENTS),),
        verification=VERIFICATION,
        made_at=MADE_AT,
        record=b'{"title":"\xe6\xa1\x86\xe6\x9e\xb6\xe5\x8d\x8f\xe8\xae\xae"}',
        place="辽宁省鞍山市",
    )
    return replace(data, **changes)  # type: ignore[arg-type]  # the caller names fields of SigningCopy


def make_registry_copy(**changes: object) -> RegistryCopy:
    """The registry copy of the same agreement."""
    data = RegistryCopy(
        title_zh="鞍山市与西北工业大学校地合作框架协议",
        title_en="School–Locality Cooperation Framework Agreement",
        number="鞍校地协〔2023〕1号",
        parties=PARTIES,
        signatories=(
            SignatoryRow("甲方", "王喆堃", "局长", "手写签名", "2023年3月18日"),
            SignatoryRow("乙方", "赵翀", "副校长", "手写签名", "2023年3月18日"),
        ),
        dates=(
            ("签约日期", "Signed on", "2023年3月18日"),
            ("生效日期", "Effective on", "2023年3月18日"),
            ("到期日期", "Expires on", "2026年3月17日"),
        ),
        verification=VERIFICATION,
        verify_code="7Q2M-9XKD-4T8W",
        checkpoint="seq 118 · " + "0f" * 32 + " · 2023-03-18T02:30:00Z",
        made_at=MADE_AT,
        record=b"{}",
        seals=(
            SealRow("鞍山市人力资源和社会保障局", "单位公章", "2023年3月18日", 4),
            SealRow("西北工业大学", "单位公章", "2023年3月18日", 4),
        ),
        scans=(ScanNote("签署页扫描件", "ab" * 32),),
    )
    return replace(data, **changes)  # type: ignore[arg-type]  # the caller names fields of RegistryCopy
