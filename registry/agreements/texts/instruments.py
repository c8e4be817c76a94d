"""The paper that changes an agreement in force: what it is called and what it says. 变更、终止、加入与退出文本.

An amendment, a correction and an accession restate the whole agreement after an opening that says what they are; a
withdrawal and a termination are short papers of their own.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ...core.dates import prose_date
from ...core.i18n import Either
from .derive import Content, Facts, facts_of
from .fill import BLANK
from .rendering import Piece, PieceKind, RenderedArticle, RenderedText, TaskTable, leaving, party_titles

NAMES = {
    "amendment": Either("变更协议", "Amendment"),
    "correction": Either("更正协议", "Correction"),
    "accession": Either("加入协议", "Accession"),
    "withdrawal": Either("退出协议", "Withdrawal"),
    "termination": Either("终止协议", "Termination agreement"),
}
SHORT = ("withdrawal", "termination")
SIGNING_DAY = Either("本协议各方签署并盖章完毕之日", "the day on which every party has signed and sealed this paper")
RESTATED = Either(
    "本{name}以《{title}》（编号：{number}）第{no}版文本为基础。事由：{reason}。自{day}起，该协议以下列全文为准，变动之处见附件“变更对照表”；"
    "变动前已经履行的部分不受影响。",
    "This {name} is based on text no. {no} of “{title}” (no. {number}). Reason: {reason}. From {day} the "
    "agreement reads as follows; what differs is listed in the annex “Table of changes”. What was performed before "
    "stays as it is.",
)
TERMINATED = Either(
    "各方经协商一致，同意终止《{title}》（编号：{number}，第{no}版文本），自{day}起不再履行。",
    "The parties agree to terminate “{title}” (no. {number}, text no. {no}) from {day}.",
)
LEAVES = Either(
    "{leaving}自{day}起退出《{title}》（编号：{number}，第{no}版文本），其余各方继续受该协议约束。",
    "{leaving} {withdraw} from “{title}” (no. {number}, text no. {no}) from {day}; the other parties stay bound.",
)
REASON = Either("{reason}。", "{reason}.")
SETTLED = Either(
    "已经履行的部分不受影响，尚未履行的部分不再履行。", "What was performed stays as it is; nothing more is owed."
)
SETTLED_FOR = Either(
    "退出前已经履行的部分不受影响，其余各方的权利义务不因此变更。",
    "What was performed before stays as it is; rights and duties among the others do not change.",
)
FINAL = Either(
    "本协议自各方代表签字并加盖公章之日起成立，份数与原协议相同。",
    "This paper is made when it is signed and sealed; there are as many copies as of the agreement.",
)
HEADINGS = {
    "what": Either("一、内容", "1. Content"),
    "why": Either("二、事由", "2. Reason"),
    "settled": Either("三、善后安排", "3. Arrangements"),
    "final": Either("四、附则", "4. Final provisions"),
}


def adapted(content: Content, text: RenderedText, facts: Facts) -> RenderedText:
    """The text as the paper of this content has it: as it is for a first text, else with what the change says."""
    change = content.get("change")
    if not change or change["kind"] not in NAMES:
        return text
    words = _words(content, change, text, facts)
    title = _say(Either("关于{title}的{name}", "{name} of {title}"), text.language, words)
    if change["kind"] in SHORT:
        return _short(change, replace(text, title=title), words)
    opening = Piece(PieceKind.PARAGRAPH, _say(RESTATED, text.language, words))
    return replace(text, title=title, preamble=(opening, *text.preamble))


def _words(content: Content, change: Mapping[str, Any], text: RenderedText, facts: Facts) -> dict[str, str]:
    english = text.language == "en"
    day = date.fromisoformat(change["effective_from"]) if change["effective_from"] else None
    name = NAMES[change["kind"]]
    return {
        "title": text.title,
        "name": name.english if english else name.zh,
        "number": content.get("number") or BLANK,
        "no": str(change["base"]["no"]),
        "reason": change["reason"].rstrip("。.") or BLANK,
        "day": day_in(day, text.language) if day else (SIGNING_DAY.english if english else SIGNING_DAY.zh),
        "leaving": _leaving(content, facts, english=english) or BLANK,
        "withdraw": "withdraw" if len(leaving(content)) > 1 else "withdraws",
    }


def day_in(day: date, language: str) -> str:
    """A day as a paper writes it in `zh` or `en`."""
    return f"{day.day} {day:%B %Y}" if language == "en" else prose_date(day)


def _leaving(content: Content, facts: Facts, *, english: bool) -> str:
    titles = party_titles(content)
    said = []
    for line in leaving(content):
        called, known = titles[line["position"]], facts_of(line, facts)
        said.append(f"{known.called('en')} ({called.english})" if english else f"{line['name']}（{called.zh}）")
    return (" and " if english else "、").join(said)


def _short(change: Mapping[str, Any], text: RenderedText, words: Mapping[str, str]) -> RenderedText:
    is_end = change["kind"] == "termination"
    plain = _say(SETTLED if is_end else SETTLED_FOR, text.language, words)
    says = {
        "what": _say(TERMINATED if is_end else LEAVES, text.language, words),
        "why": _say(REASON, text.language, words),
        "settled": change["arrangements"] or plain,
        "final": _say(FINAL, text.language, words),
    }
    articles = tuple(_article(key, said, text.language) for key, said in says.items())
    nothing = TaskTable(text.tasks.keys, text.tasks.columns, ())
    return replace(text, preamble=(), articles=articles, tasks=nothing)


def _article(key: str, said: str, language: str) -> RenderedArticle:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    heading = HEADINGS[key].english if language == "en" else HEADINGS[key].zh
    return RenderedArticle(key, heading, tuple(Piece(PieceKind.PARAGRAPH, line) for line in lines))


def _say(words: Either, language: str, values: Mapping[str, str]) -> str:
    return (words.english if language == "en" else words.zh).format_map(values)
