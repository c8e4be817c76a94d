"""How a briefing says things, in both languages. The parts and their order are the template's. 专报用语.

A clause names figures in braces and is left out where one of them is unknown (`zero=False`: or nothing). A group stands
between its own words and is left out when nothing of it is left. What it says of a record is data, never a pattern.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

# [one|many]: what agrees with the number before it.
AGREEING = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
FIELD = re.compile(r"\{([a-z0-9_]+)(?:\.([a-z]+))?\}")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
LANGUAGES = ("zh", "en")
MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True)
class Clause:
    """A pattern in each language."""

    zh: str
    en: str
    zero: bool = True

    def pattern(self, language: str) -> str:
        """The one of the language."""
        return self.en if language == "en" else self.zh

    @property
    def codes(self) -> tuple[str, ...]:
        """The figures that it names."""
        return tuple(dict.fromkeys(found[1] for found in FIELD.finditer(self.zh) if found[1] not in WORDS))


@dataclass(frozen=True)
class Group:
    """Clauses one after another: what opens them, stands between and closes them, by language."""

    parts: "tuple[Clause | Group, ...]"
    between: tuple[str, str] = ("，", ", ")
    opens: tuple[str, str] = ("", "")
    closes: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Said:
    """An item of a part: a sentence on its own, under a code by which a leader's instruction names it."""

    code: str
    group: Group


WORDS = frozenset({"as_of", "scope", "month"})
STOP = ("。", ".")

OVERALL = (
    Said(
        "agreements",
        Group(
            (
                Group(
                    (
                        Clause("{scope}有效校地合作协议{agreements_in_force}", "{agreements_in_force.n} agreement[|s] [was|were] in force in {scope}"),
                        Group(
                            (
                                Clause("框架协议{agreements_framework}", "{agreements_framework.n} framework"),
                                Clause("战略合作协议{agreements_strategic}", "{agreements_strategic.n} strategic"),
                            ),
                            ("、", ", "), ("其中", "among them "),
                        ),
                    ),
                ),
                Group(
                    (
                        Clause("人才合作工作站{stations}", "{stations.n} talent workstation[|s]"),
                        Clause("对接机制{mechanisms}", "{mechanisms.n} docking mechanism[|s]"),
                    ),
                ),
                Clause(
                    "协议覆盖{localities_covered.n}个地区（共{localities_covered.of}个），覆盖率{localities_covered.share}",
                    "agreements reached {localities_covered.n} of {localities_covered.of} localities ({localities_covered.share})",
                ),
                Clause(
                    "其中信息完整的{details_complete.n}个", "{details_complete.n} of them with complete details", zero=True
                ),
            ),
            ("；", "; "), ("截至{as_of}，", "As of {as_of}, "), STOP,
        ),
    ),
    Said(
        "signed",
        Group((Clause("本期新签{agreements_signed}", "{agreements_signed.n} agreement[|s] [was|were] signed in the month"),), closes=STOP),
    ),
)  # fmt: skip
PROGRESS = (
    Said(
        "activities",
        Group(
            (
                Clause("举办招聘活动{activities_held}", "{activities_held.n} recruitment [activity was|activities were] held", zero=False),
                Clause("进校单位{employers}", "with {employers}", zero=False),
                Clause("提供岗位{positions}", "offering {positions}", zero=False),
                Clause("招聘需求{headcount}", "headcount wanted {headcount}", zero=False),
                Clause("参加{participants}", "{participants} took part", zero=False),
                Clause("达成就业意向{intentions}", "employment intentions {intentions}", zero=False),
            ),
            opens=("本期", ""), closes=STOP,
        ),
    ),
    Said(
        "promises",
        Group(
            (
                Clause("承诺任务到期{promises_due}", "{promises_due.n} promise[|s] fell due", zero=False),
                Clause("已销号{promises_closed}", "{promises_closed.n} [was|were] closed out"),
                Clause("兑现率{fulfilment.share}", "{fulfilment.share} fulfilled"),
            ),
            closes=STOP,
        ),
    ),
    Said(
        "visits",
        Group(
            (
                Clause("开展回访{visits_held}", "{visits_held.n} follow-up visit[|s] [was|were] made", zero=False),
                Clause("走访企业{employers_visited}", "{employers_visited.n} employer[|s] [was|were] visited", zero=False),
            ),
            closes=STOP,
        ),
    ),
    Said(
        "docking",
        Group(
            (
                Clause("企业对接{docking_cases}", "{docking_cases.n} enterprise docking case[|s]", zero=False),
                Clause("录用{hires}", "{hires.n} [person|people] hired", zero=False),
            ),
            closes=STOP,
        ),
    ),
)  # fmt: skip
CONDITION = (
    Said(
        "lights",
        Group(
            (
                Group(
                    (
                        Clause("红灯{lights_red}", "{lights_red.n} red light[|s]", zero=False),
                        Clause("黄灯{lights_yellow}", "{lights_yellow.n} yellow light[|s]", zero=False),
                    ),
                    ("、", ", "),
                ),
                Clause("{expiring_90}协议将在90日内到期", "{expiring_90.n} agreement[ ends|s end] within 90 days", zero=False),
                Clause("{needs_details}记录信息不全", "{needs_details.n} record[ lacks|s lack] details", zero=False),
            ),
            ("；", "; "), ("（", "("), ("。）", ".)"),
        ),
    ),
)  # fmt: skip

HEADINGS = {
    "overall": ("一、总体情况。", "1. General."),
    "progress": ("二、主要进展。", "2. Progress."),
    "problems": ("三、存在问题。", "3. Problems."),
    "next": ("四、下一步打算。", "4. Next steps."),
    "corrections": ("更正。", "Corrections."),
}
# What the registry proposes for parts three and four; a person may change it before the briefing is issued.
PROBLEMS = (
    Clause("承诺任务逾期{promises_overdue}。", "{promises_overdue.n} promise[ is|s are] overdue.", zero=False),
    Clause(
        "{lights_red}任务亮红灯，见附表3。", "{lights_red.n} task[ shows|s show] a red light; see annex 3.", zero=False
    ),
    Clause(
        "{needs_details}协议信息不全，高校一方待补。", "{needs_details.n} agreement[ lacks|s lack] details.", zero=False
    ),
)
UNREACHED = Clause(
    "{number}个地区尚无有效协议：{names}。", "{number} [locality has|localities have] no agreement in force: {names}."
)
DOUBTFUL = Clause(
    "{number}项数据待核，文中已注明。", "{number} figure[ is|s are] to be confirmed, as marked in the text."
)
NEXT = (
    Clause("对{lights_red}红灯事项逐项督办，销号前每期列报。", "Supervise the {lights_red.n} red item[|s] one by one, and report [it|them] until closed out.", zero=False),
    Clause("对90日内到期的{expiring_90}协议逐份研究续签。", "Decide on the renewal of the {expiring_90.n} agreement[ that ends|s that end] within 90 days.", zero=False),
    Clause("补齐{needs_details}协议的信息。", "Supply the details of {needs_details.n} agreement[|s].", zero=False),
    Clause("督促逾期的{promises_overdue}承诺任务尽快兑现。", "Press for the {promises_overdue.n} overdue promise[|s] to be kept.", zero=False),
)  # fmt: skip
TITLE = ("{scope}校地合作工作情况", "School–locality cooperation in {scope}")
SUBTITLE = ("（{month}，数据截至{as_of}）", "({month}, figures as of {as_of})")
DRAWN_LATER = (
    "补编于{day}：本期数据当时未留存，按{day}的登记情况倒推，当时的存量无从得知的不列。",
    "Drawn up later, on {day}: nothing was kept at the time, so these figures are what the records said on {day}; "
    "what cannot be known of that time is left out.",
)
UNFINISHED = ("本月尚未结束，数据截至今日，未留存。", "The month is not over: figures of today, not kept.")
CORRECTED = (
    "{month}“{name}”由{then}更正为{now}。",
    "{name} of {month}: {now} instead of {then}.",
)
SIGNED_NOTE = ("新签协议：{names}{more}。", "Signed: {names}{more}.")
AND_MORE = ("等{number}份", " and others, {number} altogether")
ACTIVITY_NOTE = ("活动记录，数字以登记为准。", "The record of the activity.")
MORE_ROWS = ("共{total}项，列出{shown}项，其余见登记系统。", "{shown} of {total}; the rest is in the registry.")
COMMA = ("、", ", ")
LABELS = {
    "author": ("编报单位：", "Drawn up by: "),
    "report_to": ("报送：", "Sent to: "),
    "digest": ("数据摘要 SHA-256：", "Digest of the figures, SHA-256: "),
    "annexes": ("附表：", "Annexes: "),
}
ANNEXES: Mapping[str, tuple[tuple[str, str], tuple[tuple[str, tuple[str, str]], ...]]] = {
    "localities": (
        ("附表1　各地区协议和任务情况", "Annex 1. Agreements and tasks by locality"),
        (
            ("name", ("地区", "Locality")),
            ("in_force", ("有效协议", "In force")),
            ("signed", ("本期新签", "Signed")),
            ("due", ("到期承诺", "Due")),
            ("closed", ("已销号", "Closed out")),
            ("rate", ("兑现率", "Fulfilled")),
            ("red", ("红灯", "Red")),
        ),
    ),
    "expiring": (
        ("附表2　临期协议清单", "Annex 2. Agreements that end within 90 days"),
        (
            ("no", ("序号", "No.")),
            ("number", ("协议编号", "Agreement no.")),
            ("title", ("协议名称", "Title")),
            ("day", ("到期日", "Ends on")),
        ),
    ),
    "red": (
        ("附表3　红灯事项清单", "Annex 3. Items with a red light"),
        (
            ("no", ("序号", "No.")),
            ("title", ("事项", "Item")),
            ("who", ("牵头单位", "Lead")),
            ("day", ("时限", "Deadline")),
        ),
    ),
    "instructions": (
        ("附表4　批示督办事项", "Annex 4. Leaders' instructions"),
        (
            ("no", ("序号", "No.")),
            ("title", ("事项", "Item")),
            ("who", ("牵头单位", "Lead")),
            ("day", ("时限", "Deadline")),
            ("note", ("进展", "Progress")),
        ),
    ),
}
CHART = ("附图　近十二个月新签协议", "Figure. Agreements signed in the last twelve months")


def choose(pair: tuple[str, str], language: str) -> str:
    """The one of the language."""
    return pair[1] if language == "en" else pair[0]


def said_day(day: date, language: str) -> str:
    """2023年3月31日, 31 March 2023."""
    if language == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def said_month(month: int, language: str) -> str:
    """2023年3月, March 2023."""
    if language == "en":
        return f"{MONTHS[month % 100 - 1]} {month // 100}"
    return f"{month // 100}年{month % 100}月"


def agreed(words: str, number: object) -> str:
    """The words with singular or plural by the number before them."""
    return AGREEING.sub(lambda found: found[1] if number == 1 else found[2], words)


def numbered(one: Clause, language: str, number: int, **names: str) -> str:
    """A clause about a number that is no metric."""
    return agreed(one.pattern(language), number).format(number=number, **names)


def clauses(group: Group) -> Iterator[Clause]:
    """All clauses of a group, however deep."""
    for part in group.parts:
        if isinstance(part, Clause):
            yield part
        else:
            yield from clauses(part)


def codes() -> tuple[str, ...]:
    """Every figure that a briefing may name, so that they are asked for together."""
    said = [clause for one in (*OVERALL, *PROGRESS, *CONDITION) for clause in clauses(one.group)]
    return tuple(dict.fromkeys(code for clause in (*said, *PROBLEMS, *NEXT) for code in clause.codes))
