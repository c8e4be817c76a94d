"""What a model text consists of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from ...core.i18n import Either
from ..models.enums import AgreementKind


class VariableKind(StrEnum):
    """What a variable takes; a block is laid out by the application."""

    TEXT = "text"
    LONGTEXT = "longtext"
    DATE = "date"
    INT = "int"
    DECIMAL = "decimal"
    ENUM = "enum"
    LIST = "list"
    BLOCK = "block"


@dataclass(frozen=True)
class Variable:
    """A place in the text. `derived` ones follow from parties, term and copies, so nobody types them.

    `options` are the codes of an enum; `translations` are usual Chinese values of a text with their English.
    """

    name: str
    kind: VariableKind
    label: Either
    required: bool = False
    derived: bool = False
    default: str = ""
    example: str = ""
    least: int = 0
    most: int = 1_000_000
    options: Mapping[str, Either] = field(default_factory=dict)
    translations: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_asked(self) -> bool:
        """Whether a person has to decide it, so that the form asks."""
        return not self.derived and self.kind is not VariableKind.BLOCK

    @property
    def is_english(self) -> bool:
        """Whether it is the English value of another variable."""
        return self.name.endswith("_en")


@dataclass(frozen=True)
class Article:
    """One article in both languages; the opening of the text is the article with key 0 and without headings."""

    key: str
    heading_zh: str
    text_zh: str
    heading_en: str = ""
    text_en: str = ""

    def heading(self, language: str) -> str:
        """The heading in `zh` or `en`."""
        return self.heading_en if language == "en" else self.heading_zh

    def text(self, language: str) -> str:
        """The text in `zh` or `en`."""
        return self.text_en if language == "en" else self.text_zh


@dataclass(frozen=True)
class Column:
    """A column of the table of commitments."""

    key: str
    label: Either


@dataclass(frozen=True)
class TaskModel:
    """A row that the model's table of commitments begins with; `target` is a variable's name or a figure.

    `obligor` and `support` are codes of parties: A, B…, all, others, chair or station.
    """

    code: str
    task: str
    target: str
    obligor: str = "all"
    support: str = ""
    unit: str = ""
    period: str = ""
    rule: str = ""
    evidence: str = ""
    task_en: str = ""
    rule_en: str = ""
    evidence_en: str = ""


@dataclass(frozen=True)
class ModelTemplate:
    """A model agreement. A text that changes gets a new version; agreements keep the version that they began with."""

    code: str
    version: int
    kind: AgreementKind
    title_zh: str
    title_en: str
    least_parties: int
    most_parties: int | None
    variables: tuple[Variable, ...]
    articles: tuple[Article, ...]
    columns: tuple[Column, ...]
    tasks: tuple[TaskModel, ...]
    party_details: tuple[str, ...]
    copies_each: int
    term_months: int | None = None
    needs_last_day: bool = False
    last_party_is_b: bool = False
    least_rows: int = 0

    @cached_property
    def by_name(self) -> Mapping[str, Variable]:
        """The variables by name."""
        return {variable.name: variable for variable in self.variables}

    @property
    def asked(self) -> tuple[Variable, ...]:
        """The variables that the form asks for."""
        return tuple(variable for variable in self.variables if variable.is_asked)

    @property
    def targets(self) -> frozenset[str]:
        """Names of variables that are figures of the table of commitments."""
        return frozenset(task.target for task in self.tasks if task.target in self.by_name)

    @property
    def preamble(self) -> Article:
        """The opening of the text."""
        return self.articles[0]
