"""Two revisions side by side: field by field, articles as their paper has them, words marked. 版本对照."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..core.i18n import Either, Message
from .changes import changed_fields
from .content_fields import Path, fields_of, label_of
from .facts import party_facts
from .labels import label
from .models import Agreement, AgreementKind, AgreementRevision, PartyRole
from .texts import instruments, rendering
from .texts.sides import obligors
from .word_diff import Run, compare

NOTHING = "—"
YES, NO = Either("是", "Yes"), Either("否", "No")
HIDDEN = frozenset({"organisation", "position", "key", "code"})
CODES: Mapping[str, Mapping[str, Message]] = {
    "kind": {str(code): label(code) for code in AgreementKind},
    "role": {str(code): label(code) for code in PartyRole},
    "language": {"zh": Either("中文", "Chinese"), "both": Either("中英文对照", "Chinese and English")},
}
DAYS = ("planned_effective_on", "expires_on")
RESPONSIBLE = ("obligor", "support")


@dataclass(frozen=True)
class FieldChange:
    """One field that differs, as the reader reads it."""

    path: Path
    label: Message
    before: str
    after: str

    @property
    def runs(self) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
        """Both texts with the words marked."""
        return compare(self.before, self.after)


def differences(
    agreement: Agreement, before: AgreementRevision, after: AgreementRevision, language: str
) -> list[FieldChange]:
    """Every field in which two revisions differ, in the order of the text, for a reader of `zh` or `en`."""
    sides = [Shown(agreement, row, language) for row in (before, after)]
    found = []
    for path in changed_fields(before.content, after.content):
        if path[-1] in HIDDEN:
            continue
        one, other = (side.value(path) for side in sides)
        if one != other:
            found.append(FieldChange(path, label_of(path, after.content, before.content), one, other))
    return found


class Shown:
    """A revision's fields as texts."""

    def __init__(self, agreement: Agreement, revision: AgreementRevision, language: str) -> None:
        self.language = language
        self.fields = fields_of(revision.content)
        self.template = rendering.template_of(revision.content)
        last_is_b = bool(self.template and self.template.last_party_is_b)
        self.responsible = obligors(revision.content["parties"], last_is_b=last_is_b)
        facts = party_facts(agreement, revision)
        self.articles: dict[str, dict[str, str]] = {}
        for one in ("zh", "en"):
            text = rendering.rendered(revision.content, facts, one)
            opening = rendering.RenderedArticle(rendering.OPENING, "", text.preamble)
            for article in (opening, *text.articles):
                said = "\n".join(piece.text for piece in article.pieces if piece.text)
                self.articles.setdefault(article.key, {})[f"text_{one}"] = said

    def value(self, path: Path) -> str:
        """The field for the reader; a dash where it is not there."""
        given = self.fields.get(path)
        if given in (None, "", []):
            return NOTHING
        if path[0] == "articles" and path[-1] in ("text_zh", "text_en"):
            return self.articles[path[1]][path[-1]]
        return self._plain(path, given)

    def _plain(self, path: Path, given: Any) -> str:
        if isinstance(given, bool):
            return self._say(YES if given else NO)
        if path[-1] in DAYS:
            return instruments.day_in(date.fromisoformat(given), self.language)
        words = self._words(path).get(str(given))
        if words is not None:
            return self._say(words)
        return "、".join(map(str, given)) if isinstance(given, list) else str(given)

    def _words(self, path: Path) -> Mapping[str, Message]:
        """What the codes of a field say."""
        if path[0] == "variables":
            variable = self.template.by_name.get(path[1]) if self.template else None
            return variable.options if variable else {}
        return self.responsible if path[-1] in RESPONSIBLE else CODES.get(path[-1], {})

    def _say(self, words: Message) -> str:
        return words.english if self.language == "en" else str(words)


def rows(changes: list[FieldChange], language: str) -> tuple[tuple[str, ...], ...]:
    """For the annex of the paper: field, before, after."""
    said = [(row.label.english if language == "en" else str(row.label), row.before, row.after) for row in changes]
    return tuple(said)


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "zh": ("变动之处", "原文", "现文"),
    "en": ("Field", "Before", "Now"),
}
TITLE = ("变更对照表", "Table of changes")
