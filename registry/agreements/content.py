"""The content of a revision in its canonical form: composed, hashed, compared with its model text, checked.

    {"format": 1, "template", "template_version", "kind", "title_zh", "title_en", "language": "zh" | "both",
     "parties": [{"position", "role", "organisation", "name", "department"}], "variables": {…}, "articles": [{"key",
     "heading_zh", "text_zh", "heading_en", "text_en"}], "commitments": [{"code", "task", "obligor", "target", …}],
     "term": {"months", "open_ended", "planned_effective_on", "expires_on"}, "copies": {"total", "each"},
     "signing_place", "has_funding"}

Articles keep their {{places}}; article 0 is the opening. Days are ISO texts, decimals are texts, there are no floats.
Number, date of signing, signatories and contacts are not part of it.

Digest "c1": SHA-256 over the UTF-8 bytes of JSON with sorted keys, no blanks, no escapes beyond JSON's own, and every
text in Unicode NFC. Anybody can compute it anew from the record that is embedded in the signing copy.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any

from ..core.errors import Conflict
from ..core.i18n import msg
from .inputs import Draft, TaskRow, Term
from .models import Agreement, AgreementParty, AgreementRevision
from .texts import instruments, rendering
from .texts.catalogue import get_template
from .texts.checks import WITHOUT, unmet
from .texts.derive import Content, Facts, PartyFacts, all_values
from .texts.fill import fill
from .texts.rendering import RenderedText, party_titles, template_of
from .texts.template import ModelTemplate, TaskModel, Variable, VariableKind

__all__ = [
    "HASH_VERSION", "WITHOUT", "PartyFacts", "RenderedText", "canonical_bytes", "compose", "digest", "of_record",
    "party_titles", "rendered", "suggested_titles", "template_of", "term_of", "unmet", "unmodified", "verify",
]  # fmt: skip

HASH_VERSION = "c1"
FORMAT = 1
RENEWS = "renews"
"""Where the text of a renewal names what it renews: registry id, number, digest of the terms."""


def compose(draft: Draft, names: Mapping[str, str], without: Sequence[str] = ()) -> dict[str, Any]:
    """The content of a draft; `names` gives the parties' Chinese names by public id.

    The model's rows `without` which a renewal goes on stay away, unless somebody gives them a figure.
    """
    template = get_template(draft.template) if draft.template else None
    articles = draft.articles or (template.articles if template else ())
    variables = _variables(template, draft.variables)
    return {
        "format": FORMAT,
        "template": template.code if template else None,
        "template_version": template.version if template else None,
        "kind": str(draft.kind),
        "title_zh": draft.title_zh,
        "title_en": draft.title_en,
        "language": draft.language,
        "parties": _parties(draft, names),
        "variables": variables,
        "articles": [asdict(article) for article in articles],
        "commitments": _commitments(template, variables, draft.tasks, without),
        "term": {name: _plain(value) for name, value in asdict(draft.term).items()},
        "copies": {"total": draft.copies_total, "each": draft.copies_each},
        "signing_place": draft.signing_place,
        "has_funding": draft.has_funding,
    } | ({WITHOUT: list(without)} if without else {})


def of_record(agreement: Agreement) -> dict[str, Any]:
    """What a historic record says, as a content: no articles, and places that nobody entered stay empty."""
    term = Term(agreement.term_months, agreement.expires_on, open_ended=agreement.open_ended)
    return {
        "format": FORMAT,
        "template": None,
        "template_version": None,
        "kind": str(agreement.kind),
        "title_zh": agreement.title_zh,
        "title_en": agreement.title_en,
        "language": "zh",
        "parties": [_recorded(party) for party in agreement.parties],
        "variables": {},
        "articles": [],
        "commitments": [],
        "term": {name: _plain(value) for name, value in asdict(term).items()},
        "copies": {"total": None, "each": None},
        "signing_place": agreement.signing_place,
        "has_funding": agreement.has_funding,
        "number": agreement.number,
    }


def _recorded(party: AgreementParty) -> dict[str, Any]:
    return {
        "position": party.position,
        "role": str(party.role),
        "organisation": party.organisation.public_id if party.organisation else None,
        "name": party.name,
        "department": party.department,
    }


def _parties(draft: Draft, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "role": str(line.role),
            "organisation": line.organisation or None,
            "name": names.get(line.organisation) or line.name_as_reported,
            "department": line.department,
        }
        for position, line in enumerate(draft.parties, start=1)
    ]


def _variables(template: ModelTemplate | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The asked variables that have a value."""
    asked = template.asked if template else ()
    found = {variable.name: _value(variable, given.get(variable.name)) for variable in asked}
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def _value(variable: Variable, value: Any) -> Any:
    if variable.kind is VariableKind.LIST and value:
        return list(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def _commitments(
    template: ModelTemplate | None, variables: Mapping[str, Any], added: Sequence[TaskRow], without: Sequence[str]
) -> list[dict[str, str]]:
    """The model's rows whose figure is known, then the clerk's, which keep their codes or are numbered on."""
    models = template.tasks if template else ()
    rows = [_model_row(task, variables) for task in models if not (task.code in without and task.target.isdecimal())]
    prefix = models[0].code.rstrip("0123456789") if models else ""
    codes = own_codes([row.code for row in added], prefix, len(models))
    rows += [_own_row(code, row) for code, row in zip(codes, added, strict=True)]
    return [row for row in rows if row["target"] or row["code"] not in {task.code for task in models}]


def own_codes(given: Sequence[str], prefix: str, models: int) -> list[str]:
    """Codes of rows beside those of a model text, whose number is `models`.

    A row keeps the code that it has; new rows, and what is no such code or there twice, follow the highest.
    """
    pattern = re.compile(re.escape(prefix) + "[1-9][0-9]{0,4}")
    numbers = [int(code.removeprefix(prefix)) if pattern.fullmatch(code) else 0 for code in given]
    kept = [number if number > models and number not in numbers[:at] else 0 for at, number in enumerate(numbers)]
    free = count(max([models, *kept]) + 1)
    return [f"{prefix}{number or next(free)}" for number in kept]


def _model_row(task: TaskModel, variables: Mapping[str, Any]) -> dict[str, str]:
    target = task.target if task.target.isdecimal() else str(variables.get(task.target, ""))
    return asdict(task) | {"target": target}


def _own_row(code: str, row: TaskRow) -> dict[str, str]:
    return asdict(row) | {"code": code, "task_en": "", "rule_en": "", "evidence_en": ""}


def rendered(content: Content, facts: Facts, language: str = "zh") -> RenderedText:
    """The paper of a content in `zh` or `en`; `facts` says more of the parties, by position."""
    return instruments.adapted(content, rendering.rendered(content, facts, language), facts)


def term_of(content: Content) -> Term:
    """The term as a content has it."""
    given = content["term"]
    days = {name: _day(given[name]) for name in ("planned_effective_on", "expires_on")}
    return Term(months=given["months"], open_ended=given["open_ended"], **days)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def digest(content: Content) -> str:
    """The content's SHA-256 in hexadecimal, by HASH_VERSION.

    Raises TypeError for values that have no one way to be written (floats, dates).
    """
    return sha256(canonical_bytes(content)).hexdigest()


def canonical_bytes(content: Content) -> bytes:
    """What the digest is taken over.

    Raises TypeError as `digest` does.
    """
    canonical = _canonical(content)
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _canonical(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", key): _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    if value is None or isinstance(value, int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def verify(revision: AgreementRevision) -> None:
    """Check that a frozen content still has its digest.

    Raises Conflict when it was changed behind the registry's back.
    """
    if revision.content_sha256 and digest(revision.content) != revision.content_sha256:
        raise Conflict(msg("The stored text does not match its digest; tell the system administrator"))


def unmodified(content: Content) -> bool:
    """Whether it is a model text, of the version that it began with, where only places were filled in.

    The table of commitments may lack the model's rows but has no others, unless the model leaves its rows to the clerk.
    """
    template = template_of(content)
    if template is None:
        return False
    if content["articles"] != [asdict(article) for article in template.articles]:
        return False
    models = {task.code: task.task for task in template.tasks}
    return not models or all(models.get(row["code"]) == row["task"] for row in content["commitments"])


def suggested_titles(content: Content, facts: Facts) -> tuple[str, str]:
    """The titles that the model text would give it, zh and en; empty without a model text."""
    template = template_of(content)
    if template is None:
        return "", ""
    zh, en = (all_values(template, content, facts, language) for language in ("zh", "en"))
    return fill(template.title_zh, zh), fill(template.title_en, en)
