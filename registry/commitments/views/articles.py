"""The articles of an agreement's text as forms and pages of promises show them. 条款."""

from collections.abc import Sequence

from ...agreements import content
from ...agreements.facts import party_facts
from ...agreements.models import Agreement, AgreementRevision
from ...agreements.texts.rendering import RenderedArticle, RenderedText
from ...core.web.language import language
from ..models import Commitment


def text_of(agreement: Agreement, revision: AgreementRevision | None) -> RenderedText | None:
    """A text in the reader's language; None of a historic agreement whose text nobody entered."""
    if revision is None or not revision.content.get("articles"):
        return None
    return content.rendered(revision.content, party_facts(agreement, revision), language())


def effective(agreement: Agreement) -> Sequence[RenderedArticle]:
    """The articles in force."""
    text = text_of(agreement, agreement.effective_revision)
    return text.articles if text else ()


def text_behind(commitment: Commitment) -> RenderedText | None:
    """The text that a promise comes from."""
    return text_of(commitment.agreement, commitment.revision)


def article_of(commitment: Commitment, text: RenderedText | None) -> RenderedArticle | None:
    """The article of it that promises."""
    return next((one for one in text.articles if one.key == commitment.article), None) if text else None
