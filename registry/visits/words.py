"""Words of ledgers that mean a code: 实地, 党委书记, 订单班, √. One reading for form, API and spreadsheet. 台账用语."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from .enums import Direction, EmployerNature, Intention, LeadLevel, Rating

Code = TypeVar("Code", bound=StrEnum)
DIRECTION_WORDS = {
    "实地": Direction.GO_OUT,
    "实地走访": Direction.GO_OUT,
    "走出去": Direction.GO_OUT,
    "请进来": Direction.INVITE_IN,
    "线上": Direction.ONLINE,
}
LEVEL_WORDS = {
    "书记校长": LeadLevel.HEAD,
    "书记、校长": LeadLevel.HEAD,
    "校级班子": LeadLevel.LEADERSHIP,
    "校级班子成员": LeadLevel.LEADERSHIP,
    "二级院系": LeadLevel.FACULTY,
    "其他": LeadLevel.OTHER,
}
NATURE_WORDS = {
    "机关": EmployerNature.GOVERNMENT,
    "科研设计单位": EmployerNature.RESEARCH,
    "高等教育单位": EmployerNature.HIGHER_EDUCATION,
    "中初教育单位": EmployerNature.SCHOOL,
    "其他事业单位": EmployerNature.PUBLIC_INSTITUTION,
    "医疗卫生单位": EmployerNature.HEALTH,
    "国有企业": EmployerNature.STATE_OWNED,
    "民营企业": EmployerNature.OTHER_ENTERPRISE,
    "三资企业": EmployerNature.FOREIGN_INVESTED,
    "其他企业": EmployerNature.OTHER_ENTERPRISE,
    "其他": EmployerNature.OTHER_ENTERPRISE,
    "部队": EmployerNature.ARMED_FORCES,
}
INTENTION_WORDS = {
    "校园招聘": Intention.FAIR,
    "实习基地": Intention.INTERNSHIP_BASE,
    "订单培养": Intention.ORDERED_TRAINING,
    "订单班": Intention.ORDERED_TRAINING,
    "科研合作": Intention.RESEARCH,
    "捐赠奖助": Intention.DONATION,
    "其他": Intention.OTHER,
}
RATING_WORDS = {"好": Rating.GOOD, "较好": Rating.FAIRLY_GOOD, "一般": Rating.AVERAGE, "差": Rating.POOR}
YES = frozenset({"是", "有", "√", "✓", "y", "yes", "true", "1"})
NO = frozenset({"否", "无", "×", "✗", "n", "no", "false", "0"})
SEPARATORS = re.compile(r"[、；;,，/\n]")
# Where both stand, the faculty decides: 机械学院党委书记 leads at its level.
FACULTY = re.compile(r"学院|院系|系主任|院长|系书记|研究所")
TEAM = re.compile(r"副书记|副校长|校长助理|纪委书记|总会计师|校领导")
HEADS = re.compile(r"书记|校长")
OFFICES = ((FACULTY, LeadLevel.FACULTY), (TEAM, LeadLevel.LEADERSHIP), (HEADS, LeadLevel.HEAD))


def code_of(text: str, kind: type[Code], words: Mapping[str, Code]) -> Code | None:
    """A code by itself or by a word of the ledgers; None for what is neither."""
    plain = text.strip()
    return kind(plain) if plain in set(kind) else words.get(plain)


def parts_of(text: str) -> list[str]:
    """Several values in one cell: 校园招聘、实习基地 or 订单班/科研合作."""
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]


def yes_or_no(text: str) -> bool | None:
    """√, 是 and the like; None for what says neither. An empty cell says nothing."""
    plain = text.strip().lower()
    if plain in YES:
        return True
    return False if plain in NO else None


def level_of_office(office: str) -> LeadLevel | None:
    """The level that an office suggests: 党委书记 and 校长 are heads, 副校长 is not; None where it says nothing.

    Whoever is called 院长 is taken for a dean: where that is the head of a college, the writer says so.
    """
    return next((level for pattern, level in OFFICES if pattern.search(office)), None)
