"""What a reminder says, in both languages: a message is kept as text, and its reader chooses the language. 提醒用语."""

from collections.abc import Mapping
from datetime import date

from ..relationships.enums import DORMANT_AFTER
from ..workstations.marks import SILENT_DAYS
from .rules import Rule
from .sources.base import Due

Pair = tuple[str, str]
# Of a rule whose date is known before: what it is about.
DATED: Mapping[Rule, Pair] = {
    Rule.EXPIRY: ("协议到期", "Agreement expires"),
    Rule.RENEWAL: ("续签待决定，协议到期", "Renewal undecided, agreement expires"),
    Rule.REVIEW: ("审查办理期限", "Review due"),
    Rule.ARCHIVE: ("归档期限", "Filing due"),
    Rule.COMMITMENT: ("承诺到期", "Commitment due"),
    Rule.VISIT: ("走访到期", "Visit due"),
    Rule.MEETING: ("机制会商", "Mechanism meeting due"),
    Rule.TASK: ("任务到期", "Task due"),
}
# Of the others: how long it has lasted, the days before the due date included.
LASTING: Mapping[Rule, tuple[str, str, int]] = {
    Rule.UNSIGNED: ("签署停滞{}天", "Signing stalled for {}", 0),
    Rule.CONFIRMATION: ("承诺待确认{}天", "Commitment to confirm for {}", 0),
    Rule.SILENCE: ("工作站{}天没有活动", "Workstation silent for {}", SILENT_DAYS),
    Rule.DORMANCY: ("校地关系{}天没有活动", "Relationship dormant for {}", DORMANT_AFTER.days),
}


def subject(due: Due, today: date) -> Pair:
    """What falls due and how far it is, as of today: the days that really remain or have passed."""
    passed = (today - due.due_on).days
    if due.rule in LASTING:
        zh, en, before = LASTING[due.rule]
        return zh.format(passed + before), en.format(_days(passed + before))
    zh, en = DATED[due.rule]
    when_zh, when_en = _when(passed)
    return f"{zh}（{when_zh}）", f"{en} {when_en}"


def title(due: Due, today: date) -> Pair:
    """The reminder in one line."""
    zh, en = subject(due, today)
    return f"{zh}：{due.title_zh}", f"{en}: {due.title_en}"


def body(due: Due) -> Pair:
    """The day that it is about."""
    if due.rule in LASTING:
        return "", ""
    return f"日期：{due.due_on.isoformat()}", f"Date: {due.due_on.isoformat()}"


def _when(passed: int) -> Pair:
    if passed < 0:
        return f"还有{-passed}天", f"in {_days(-passed)}"
    return (f"已过{passed}天", f"{_days(passed)} ago") if passed else ("今天", "today")


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
