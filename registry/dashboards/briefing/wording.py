"""The words of a briefing in both languages; its parts and their order are the template's. 专报用语."""

from collections.abc import Mapping
from datetime import date

from .patterns import Clause, Group, Pair, Said, clauses, some

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
STOP: Pair = ("。", ".")
COMMA: Pair = ("、", ", ")
SEMICOLON: Pair = ("；", "; ")

_KINDS = Group(
    (
        Clause("框架协议{agreements_framework}", "{agreements_framework.n} framework"),
        Clause("战略合作协议{agreements_strategic}", "{agreements_strategic.n} strategic"),
    ),
    COMMA,
    ("其中", "among them "),
)
_STOCK = (
    Group(
        (
            Clause(
                "{scope}有效校地合作协议{agreements_in_force}",
                "{agreements_in_force.n} agreement[|s] [was|were] in force in {scope}",
            ),
            _KINDS,
        )
    ),
    Group(
        (
            Clause("人才合作工作站{stations}", "{stations.n} talent workstation[|s]"),
            Clause("对接机制{mechanisms}", "{mechanisms.n} docking mechanism[|s]"),
        )
    ),
    Clause(
        "协议覆盖{localities_covered.n}个地区（共{localities_covered.of}个），覆盖率{localities_covered.share}",
        "agreements reached {localities_covered.n} of {localities_covered.of} localities ({localities_covered.share})",
    ),
    Clause("其中信息完整的{details_complete.n}个", "{details_complete.n} of them with complete details"),
)
OVERALL = (
    Said("agreements", Group(_STOCK, SEMICOLON, ("截至{as_of}，", "As of {as_of}, "), STOP)),
    Said(
        "signed",
        Group(
            (
                Clause(
                    "本期新签{agreements_signed}",
                    "{agreements_signed.n} agreement[|s] [was|were] signed in the month",
                ),
            ),
            closes=STOP,
        ),
    ),
)
_ACTIVITIES = (
    some("举办招聘活动{activities_held}", "{activities_held.n} recruitment [activity was|activities were] held"),
    some("进校单位{employers}", "with {employers}"),
    some("提供岗位{positions}", "offering {positions}"),
    some("招聘需求{headcount}", "headcount wanted {headcount}"),
    some("参加{participants}", "{participants} took part"),
    some("达成意向{intentions}", "intentions {intentions}"),
)
_PROMISES = (
    some("承诺任务到期{promises_due}", "{promises_due.n} promise[|s] fell due"),
    some("已销号{promises_closed}", "{promises_closed.n} [was|were] closed out"),
    Clause("兑现率{fulfilment.share}", "{fulfilment.share} fulfilled"),
)
_VISITS = (
    some("开展回访{visits_held}", "{visits_held.n} follow-up visit[|s] [was|were] made"),
    some("走访企业{employers_visited}", "{employers_visited.n} employer[|s] [was|were] visited"),
)
_DOCKING = (
    some("企业对接{docking_cases}", "{docking_cases.n} enterprise docking case[|s]"),
    some("录用{hires}", "{hires.n} [person|people] hired"),
)
PROGRESS = (
    Said("activities", Group(_ACTIVITIES, opens=("本期", ""), closes=STOP)),
    Said("promises", Group(_PROMISES, closes=STOP)),
    Said("visits", Group(_VISITS, closes=STOP)),
    Said("docking", Group(_DOCKING, closes=STOP)),
)
_LIGHTS = Group(
    (
        some("红灯{lights_red}", "{lights_red.n} red light[|s]"),
        some("黄灯{lights_yellow}", "{lights_yellow.n} yellow light[|s]"),
    ),
    COMMA,
)
CONDITION = (
    Said(
        "lights",
        Group(
            (
                _LIGHTS,
                some("{expiring_90}协议将在90日内到期", "{expiring_90.n} agreement[ ends|s end] within 90 days"),
                some("{needs_details}记录信息不全", "{needs_details.n} record[ lacks|s lack] details"),
            ),
            SEMICOLON,
            ("（", "("),
            ("。）", ".)"),
        ),
    ),
)

HEADINGS: Mapping[str, Pair] = {
    "overall": ("一、总体情况。", "1. General."),
    "progress": ("二、主要进展。", "2. Progress."),
    "problems": ("三、存在问题。", "3. Problems."),
    "next": ("四、下一步打算。", "4. Next steps."),
    "corrections": ("更正。", "Corrections."),
}
# What the registry proposes for parts three and four; a person may change it before the briefing is issued.
PROBLEMS = (
    some("承诺任务逾期{promises_overdue}。", "{promises_overdue.n} promise[ is|s are] overdue."),
    some(
        "{lights_red}承诺任务亮红灯，见附表3。",
        "{lights_red.n} promise[ shows|s show] a red light; see annex 3.",
    ),
    some("{needs_details}协议信息不全，高校一方待补。", "{needs_details.n} agreement[ lacks|s lack] details."),
)
UNREACHED = Clause(
    "{number}个地区尚无有效协议：{names}。",
    "{number} [locality has|localities have] no agreement in force: {names}.",
)
DOUBTFUL = Clause(
    "{number}项数据待核，文中已注明。", "{number} figure[ is|s are] to be confirmed, as marked in the text."
)
NEXT = (
    some(
        "对{lights_red}红灯事项逐项督办，销号前每期列报。",
        "Supervise the {lights_red.n} red item[|s] one by one, and report [it|them] until closed out.",
    ),
    some(
        "对90日内到期的{expiring_90}协议逐份研究续签。",
        "Decide on the renewal of the {expiring_90.n} agreement[ that ends|s that end] within 90 days.",
    ),
    some("补齐{needs_details}协议的信息。", "Supply the details of {needs_details.n} agreement[|s]."),
    some(
        "督促逾期的{promises_overdue}承诺任务尽快兑现。",
        "Press for the {promises_overdue.n} overdue promise[|s] to be kept.",
    ),
)
TITLE: Pair = ("{scope}校地合作工作情况", "School–locality cooperation in {scope}")
SUBTITLE: Pair = ("（{month}，数据截至{as_of}）", "({month}, figures as of {as_of})")
DRAWN_LATER: Pair = (
    "补编于{day}：本期数据当时未留存，按补编当日的登记情况倒推，当时的存量无从得知的不列。",
    "Drawn up later, on {day}: nothing was kept at the time, so these figures are what the records said on that day; "
    "what cannot be known of the month itself is left out.",
)
UNFINISHED: Pair = ("本月尚未结束，数据截至今日，未留存。", "The month is not over: figures of today, not kept.")
CORRECTED: Pair = ("{month}“{name}”由{then}更正为{now}。", "{name} of {month}: {now} instead of {then}.")
SIGNED_NOTE: Pair = ("新签协议：{names}{more}。", "Signed: {names}{more}.")
AND_MORE: Pair = ("等{number}份", " and others, {number} altogether")
ACTIVITY_NOTE: Pair = ("活动记录，数字以登记为准。", "The record of the activity.")
MORE_ROWS: Pair = ("共{total}项，列出{shown}项，其余见登记系统。", "{shown} of {total}; the rest is in the registry.")
LABELS: Mapping[str, Pair] = {
    "author": ("编报单位：", "Drawn up by: "),
    "report_to": ("报送：", "Sent to: "),
    "annexes": ("附表：", "Annexes: "),
}
_NO: tuple[str, Pair] = ("no", ("序号", "No."))
_WHO: tuple[str, Pair] = ("who", ("牵头单位", "Lead"))
_DEADLINE: tuple[str, Pair] = ("day", ("时限", "Deadline"))
_ITEM: tuple[str, Pair] = ("title", ("事项", "Item"))
ANNEXES: Mapping[str, tuple[Pair, tuple[tuple[str, Pair], ...]]] = {
    "localities": (
        ("各地区协议和任务情况", "Agreements and tasks by locality"),
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
        ("临期协议清单", "Agreements that end within 90 days"),
        (
            _NO,
            ("number", ("协议编号", "Agreement no.")),
            ("title", ("协议名称", "Title")),
            ("day", ("到期日", "Ends on")),
        ),
    ),
    "red": (("红灯事项清单", "Items with a red light"), (_NO, _ITEM, _WHO, _DEADLINE)),
    "instructions": (
        ("批示督办事项", "Leaders' instructions"),
        (_NO, _ITEM, _WHO, _DEADLINE, ("note", ("进展", "Progress"))),
    ),
}
ANNEX: Pair = ("附表{number}　{title}", "Annex {number}. {title}")
ANNEX_SHORT: Pair = ("{number}.{title}", "{number}. {title}")
CHART: Pair = ("附图　近十二个月新签和有效协议", "Figure. Agreements signed and in force in the last twelve months")
SERIES: tuple[Pair, Pair] = (("新签（份）", "Signed"), ("有效（份）", "In force"))
MONTH: Pair = ("月份", "Month")


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


def codes() -> tuple[str, ...]:
    """Every figure that a briefing may name, so that they are asked for together."""
    said = [clause for one in (*OVERALL, *PROGRESS, *CONDITION) for clause in clauses(one.group)]
    return tuple(dict.fromkeys(code for clause in (*said, *PROBLEMS, *NEXT) for code in clause.codes))
