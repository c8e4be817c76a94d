"""Parties, articles and annex of a content, as the documents package takes them. 文件的各部分."""

from collections.abc import Sequence

from ..core.i18n import Either
from ..documents.data import FIELD_PREFIX, Annex, Article, PartyCell, Table
from . import content
from .changes import SHORT
from .facts import party_facts
from .models import Agreement, AgreementParty, AgreementRevision
from .participants import consenting
from .revision_diff import COLUMNS, TITLE, differences, rows
from .texts.derive import PartyFacts
from .texts.rendering import Piece, PieceKind, RenderedText

CREDIT_CODE = Either("统一社会信用代码", "Unified social credit code")
SCHOOL_CODE = Either("学校标识码", "School code")
ANNEX = ("年度量化任务表", "Commitments")
IN_ANNEX = {"zh": "（表见附件。）", "en": "(See the table in the annex.)"}
TASKS_ONLY = "tasks"  # the article that the rendered text adds where its articles place no table


def cells(agreement: Agreement, revision: AgreementRevision) -> tuple[PartyCell, ...]:
    """Parties that sign, as the paper calls them; a witness signs nothing."""
    called = content.party_titles(revision.content)
    facts = party_facts(agreement, revision)
    bound = consenting(agreement, revision)
    return tuple(_cell(party, called[party.position], facts[party.position]) for party in bound)


def _cell(party: AgreementParty, called: Either, facts: PartyFacts) -> PartyCell:
    """What the text says of the party; a text that was signed keeps it."""
    school = SCHOOL_CODE if facts.moe_code and not facts.uscc else CREDIT_CODE
    return PartyCell(
        label=called.zh,
        label_en=called.english,
        name=facts.name,
        name_en=facts.name_en,
        code_label=school.zh,
        code_label_en=school.english,
        code=facts.uscc or facts.moe_code,
        address=facts.address,
        representative=party.snapshot_representative,
        field=field_of(party),
    )


def field_of(party: AgreementParty) -> str:
    """Where the party may sign digitally in the signing copy."""
    return f"{FIELD_PREFIX}{party.position}"


def paragraphs(pieces: Sequence[Piece], language: str) -> tuple[str, ...]:
    """Parties stand in a table before the text, commitments in the annex that is named in their place."""
    shown = (IN_ANNEX[language] if piece.kind is PieceKind.TASKS else piece.text for piece in pieces)
    return tuple(text for text in shown if text)


def articles(text: RenderedText) -> tuple[Article, ...]:
    """The articles with their values in place."""
    shown = (article for article in text.articles if article.key != TASKS_ONLY)
    return tuple(Article(article.heading, paragraphs(article.pieces, text.language)) for article in shown)


def annexes(zh: RenderedText, en: RenderedText | None) -> tuple[Annex, ...]:
    """The table of commitments, in English as well where that is wanted; none without a row."""
    if not zh.tasks.rows:
        return ()
    english = Table(en.tasks.columns, en.tasks.rows) if en else None
    return (Annex(*ANNEX, table=Table(zh.tasks.columns, zh.tasks.rows), table_en=english),)


def table_of_changes(agreement: Agreement, revision: AgreementRevision, *, in_english: bool) -> tuple[Annex, ...]:
    """What a restated text changes in the one before; none for a first text and for short papers."""
    base = revision.base
    if base is None or revision.kind in SHORT:
        return ()
    tables = {
        language: Table(COLUMNS[language], rows(differences(agreement, base, revision, language), language))
        for language in ("zh", "en")
    }
    return (Annex(*TITLE, table=tables["zh"], table_en=tables["en"] if in_english else None),)
