"""Figures of a month that never was, and what tests take out of papers."""

import io
import re
import subprocess
import zipfile
from datetime import date
from html import unescape

from registry.core.figures.kinds import Qualifier, Unit
from registry.dashboards.briefing.kept import Kept, KeptActivity, KeptCount, KeptFigure, KeptLocality, KeptRecord

COPIES, MATTERS = Unit.COPIES, Unit.MATTERS
FIGURES = {
    "agreements_in_force": KeptFigure(17, COPIES),
    "agreements_framework": KeptFigure(1, COPIES),
    "agreements_strategic": KeptFigure(1, COPIES),
    "stations": KeptFigure(1, Unit.ITEMS),
    "mechanisms": KeptFigure(1, MATTERS),
    "localities_covered": KeptFigure(100, Unit.PERCENT, numerator=15, denominator=15),
    "details_complete": KeptFigure(0, Unit.PERCENT, numerator=0, denominator=15),
    "agreements_signed": KeptFigure(16, COPIES),
    "activities_held": KeptFigure(10, Unit.EVENTS),
    "employers": KeptFigure(1637, Unit.ENTERPRISE_TIMES),
    "positions": KeptFigure(62_400, Unit.POSITIONS, Qualifier.ROUNDED),
    "participants": KeptFigure(100_000, Unit.PERSON_TIMES, Qualifier.AT_LEAST, doubtful=1),
    "promises_due": KeptFigure(6, MATTERS),
    "promises_closed": KeptFigure(5, MATTERS),
    "fulfilment": KeptFigure(83, Unit.PERCENT, numerator=5, denominator=6),
    "lights_red": KeptFigure(2, MATTERS),
    "expiring_90": KeptFigure(3, COPIES),
    "needs_details": KeptFigure(15, COPIES),
    "promises_overdue": KeptFigure(1, MATTERS),
}
NEARLY = KeptFigure(100, Unit.INTENTIONS, Qualifier.NEARLY, as_reported="近百项")
PLANNED = KeptFigure(15_000, Unit.EVENTS, Qualifier.PLANNED)
MATCHMAKING = KeptActivity(
    "ACT1",
    "重点领域人才校企供需对接会",
    "Key-field matchmaking",
    "2023-05-26",
    "北京市",
    "held",
    (
        KeptCount("employers", "用人单位", "Employers", KeptFigure(35, Unit.ENTERPRISES)),
        KeptCount("cooperation_intentions", "合作意向", "Cooperation intentions", NEARLY),
        KeptCount("activities", "计划校园招聘活动", "Campus fairs planned", PLANNED, is_planned=True),
    ),
)


def sample(**changes: object) -> Kept:
    """A month with something in every part."""
    given = {
        "organisation": "01ORG",
        "name_zh": "辽宁省人力资源和社会保障厅",
        "name_en": "Liaoning HR Department",
        "scope_zh": "全省",
        "scope_en": "Liaoning",
        "month": 202303,
        "as_of": date(2023, 3, 31),
        "figures": FIGURES,
        "localities": (
            KeptLocality("210100", "沈阳市", "Shenyang", {"agreements_in_force": KeptFigure(0, COPIES)}),
            KeptLocality("210300", "鞍山市", "Anshan", {"agreements_in_force": KeptFigure(2, COPIES)}),
        ),
        "series": {"agreements_signed": ((202302, KeptFigure(0, COPIES)), (202303, KeptFigure(16, COPIES)))},
        "signed": tuple(
            KeptRecord("agreement", f"A{n}", f"{n}市与高校协议（批次）", number=f"辽〔2023〕{n}号" if n else "")
            for n in range(16)
        ),
        "activities": (MATCHMAKING,),
        "expiring": (KeptRecord("agreement", "B1", "甲乙框架协议", "Framework", "鞍〔2023〕1号", "2023-05-18"),),
        "red": (KeptRecord("commitment", "C1", "举办招聘会", "Hold a fair", day="2023-03-01", who_zh="鞍山市局"),),
        "totals": {"signed": 16, "expiring": 3, "red": 2},
    }  # fmt: skip
    return Kept(**{**given, **changes})  # type: ignore[arg-type]  # tests name the fields


def text_of_pdf(data: bytes) -> str:
    """Its words without white space: lines break anywhere."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
    return bare(done.stdout.decode())


def text_of_docx(data: bytes) -> str:
    """The same of a Word file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return bare(unescape(re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())))


def bare(text: str) -> str:
    """Without white space."""
    return re.sub(r"\s|[\u00ad\u200b]", "", text)
