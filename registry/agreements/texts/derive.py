"""Values that follow from parties, term and copies, and how the others are written. 派生变量."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ...core.dates import prose_date
from .numerals import capital
from .sides import EVERYBODY, Side, sides, signing
from .template import ModelTemplate, Variable, VariableKind

Content = Mapping[str, Any]
Values = dict[str, str]


@dataclass(frozen=True)
class PartyFacts:
    """What the paper says of a party beyond its name, from its organisation or the snapshot taken at signing."""

    name: str
    short: str = ""
    name_en: str = ""
    short_en: str = ""
    uscc: str = ""
    moe_code: str = ""
    address: str = ""
    superior: str = ""

    def called(self, language: str) -> str:
        """The full name; on English pages the English one, or the Chinese where there is none."""
        return (self.name_en if language == "en" else "") or self.name

    def called_briefly(self, language: str) -> str:
        """The short name, else the full one."""
        brief = self.short_en if language == "en" else self.short
        return brief or self.called(language)


Facts = Mapping[int, PartyFacts]


def facts_of(party: Mapping[str, Any], facts: Facts) -> PartyFacts:
    """The facts of a party of a content; its name is the content's, which people approved."""
    found = facts.get(party["position"])
    return replace(found, name=party["name"]) if found else PartyFacts(party["name"])


def all_values(template: ModelTemplate | None, content: Content, facts: Facts, language: str) -> Values:
    """Everything that can stand in a place of the text, written out in `zh` or `en`; empty where nothing is known."""
    found = derived(content, facts, language, last_is_b=bool(template and template.last_party_is_b))
    if template:
        found |= _typed(template, content["variables"], language)
    return found


def _typed(template: ModelTemplate, given: Mapping[str, Any], language: str) -> Values:
    """The asked variables; English takes `x_en` before `x`."""
    found = {variable.name: written(variable, given.get(variable.name), language) for variable in template.asked}
    if language == "en":
        english = {name.removesuffix("_en"): value for name, value in found.items() if name.endswith("_en") and value}
        found |= english
    return found


def written(variable: Variable, value: Any, language: str) -> str:
    """A value as the paper writes it."""
    if value in (None, "", []):
        return ""
    if variable.kind is VariableKind.DATE:
        return _day(date.fromisoformat(value), language)
    if variable.kind is VariableKind.LIST:
        return (", " if language == "en" else "、").join(value)
    if variable.kind is VariableKind.ENUM:
        label = variable.options[value]
        return label.english if language == "en" else label.zh
    return variable.translations.get(value, value) if language == "en" and isinstance(value, str) else str(value)


def _day(day: date, language: str) -> str:
    return f"{day.day} {day:%B %Y}" if language == "en" else prose_date(day)


def derived(content: Content, facts: Facts, language: str, *, last_is_b: bool) -> Values:
    """What nobody types: parties, copies, term and place."""
    parties = signing(content["parties"])
    found = _of_copies(content["copies"]) | _of_term(content["term"], language)
    found["parties_count_zh"] = capital(len(parties))
    found["sign_place"] = content["signing_place"]
    everybody = EVERYBODY[len(parties) <= 2]
    found["holders"] = everybody.english if language == "en" else everybody.zh
    for side in sides(content["parties"], last_is_b=last_is_b):
        found |= _of_side(side, facts, language)
    return found


def _of_side(side: Side, facts: Facts, language: str) -> Values:
    known = [facts_of(party, facts) for party in side.parties]
    brief = _joined([party.called_briefly(language) for party in known], language)
    brief_en = _joined([party.called_briefly("en") for party in known], "en")
    start = f"party_{side.code.lower()}_"
    return {
        f"{start}name": _joined([party.called(language) for party in known], language),
        f"{start}short": brief,
        f"{start}short_en": brief_en,
        f"{start}superior": _joined([party.superior for party in known], language),
        f"{start}dept": _joined([party["department"] for party in side.parties], language),
    }


def _joined(words: Sequence[str], language: str) -> str:
    return (", " if language == "en" else "、").join(dict.fromkeys(word for word in words if word))


def _of_copies(copies: Mapping[str, int | None]) -> Values:
    found = {}
    for name in ("total", "each"):
        number = copies[name]
        found[f"copies_{name}"] = str(number or "")
        found[f"copies_{name}_zh"] = capital(number) if number else ""
    return found


def _of_term(term: Mapping[str, Any], language: str) -> Values:
    last = date.fromisoformat(term["expires_on"]) if term["expires_on"] else None
    clause = _clause_en(term, last) if language == "en" else _clause_zh(term, last)
    return {"term_clause": clause, "valid_until": _day(last, language) if last else ""}


def _clause_zh(term: Mapping[str, Any], last: date | None) -> str:
    if last:
        return f"自生效之日起有效，至{prose_date(last)}止"
    if term["open_ended"]:
        return "自生效之日起长期有效，至依约终止之日止"
    return f"有效期{_span_zh(term['months'])}，自生效之日起计算" if term["months"] else ""


def _clause_en(term: Mapping[str, Any], last: date | None) -> str:
    if last:
        return f"valid from the effective date until {_day(last, 'en')}"
    if term["open_ended"]:
        return "valid from the effective date until it is ended as agreed here"
    return f"valid for {_span_en(term['months'])} from the effective date" if term["months"] else ""


def _span_zh(months: int) -> str:
    years, rest = divmod(months, 12)
    return f"{years}年" if not rest else f"{months}个月"


def _span_en(months: int) -> str:
    years, rest = divmod(months, 12)
    number, unit = (months, "month") if rest else (years, "year")
    return f"{number} {unit}{'' if number == 1 else 's'}"
