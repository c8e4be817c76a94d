"""Drafts for tests, as a clerk would hand them in."""

from typing import Any

from registry.agreements.inputs import Draft, PartyLine, Term
from registry.agreements.models import PartyRole
from registry.agreements.texts.catalogue import get_template
from registry.agreements.texts.template import ModelTemplate, Variable, VariableKind

BUREAU, UNIVERSITY = "01BUREAU", "01UNIVERSITY"
NAMES = {BUREAU: "鞍山市人力资源和社会保障局", UNIVERSITY: "西北工业大学"}
SAMPLES: dict[VariableKind, Any] = {
    VariableKind.TEXT: "某处",
    VariableKind.LONGTEXT: "服务地方产业发展",
    VariableKind.DATE: "2026-11-22",
    VariableKind.INT: 3,
    VariableKind.DECIMAL: "1.5",
    VariableKind.LIST: ["钢铁", "装备制造"],
}


def template(code: str = "framework") -> ModelTemplate:
    """A model text that surely exists."""
    found = get_template(code)
    assert found is not None
    return found


def sample(variable: Variable) -> Any:
    """A value that fits."""
    return variable.default if variable.kind is VariableKind.ENUM else SAMPLES[variable.kind]


def parties(*keys: str, department: str = "") -> tuple[PartyLine, ...]:
    """Lines in order; the first one leads."""
    lead, *others = keys or (BUREAU, UNIVERSITY)
    first = PartyLine(lead, role=PartyRole.LEAD, department=department)
    return (first, *(PartyLine(key, department=department) for key in others))


def draft(code: str = "framework", **changes: Any) -> Draft:
    """A whole draft of a model text: nothing is unmet."""
    model = template(code)
    values: dict[str, Any] = {
        "kind": model.kind,
        "title_zh": "鞍山市与西北工业大学校地合作框架协议",
        "parties": parties(),
        "template": code,
        "variables": {variable.name: sample(variable) for variable in model.asked if variable.required},
        "term": Term(months=36),
        "copies_total": 4,
        "copies_each": 2,
        "signing_place": "西安市",
    }
    return Draft(**values | changes)
