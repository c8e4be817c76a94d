"""What the stories say without a figure: words for an activity's notes, and names of its programmes. 文字与名称."""

from .reading import AgreementLine, EventLine, FactLine, Kept

CLASS, ORDINAL = "class", "ordinal"
# Told of a relationship, a plan or a programme: words, never an agreement.
ONLY_WORDS = ("prospect_not_agreement", "planned", "programme_project")


def notes_of(event: EventLine, facts: list[FactLine], beside: list[AgreementLine]) -> str:
    """A line each: the event's own remark, facts in words, and what is hoped for or planned."""
    lines = [event.remark, *(_words(one) for one in facts if one.kept is Kept.WORDS)]
    lines += [f"{one.title_zh}：{one.remark}" for one in beside if one.record_kind in ONLY_WORDS]
    return "\n".join(line for line in lines if line)


def programmes_of(facts: list[FactLine]) -> str:
    """Names such as 百校千企, which are no numbers."""
    return "、".join(name_of(one) for one in facts if one.kept is Kept.NAME)


def name_of(fact: FactLine) -> str:
    """A programme of its own bears its name as the event's, others as the metric's."""
    return fact.event_title if fact.metric == "programme_name" else fact.label_zh


def _words(fact: FactLine) -> str:
    """2022届 and 第三期 are names of a class and of a phase; a trend is told in words."""
    said = {CLASS: f"{fact.value}{fact.unit}", ORDINAL: f"第{fact.value}{fact.unit}"}.get(fact.kind, "")
    return f"{fact.label_zh}：" + "；".join(part for part in (said, fact.remark) if part)
