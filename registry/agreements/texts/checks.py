"""What a content still lacks before it can go to review. 送审前检查。"""

from collections.abc import Iterator
from typing import Any

from ...core.i18n import Message, msg
from ...documents.fonts.coverage import describe, missing_characters
from .derive import Content, all_values
from .fill import places
from .rendering import BLOCKS, OPENING, template_of
from .sides import signing
from .template import ModelTemplate

WITHOUT = "without"
"""Where the text of a renewal names the model's commitments that were not taken over."""
# Derived places that somebody has to see to; the others always follow, or have a check of their own.
WATCHED = frozenset({"party_a_dept", "party_b_dept", "valid_until", "sign_place"})


def unmet(content: Content) -> list[Message]:
    """Everything that is missing or does not fit, in words; empty means that the text is whole."""
    template = template_of(content)
    found = [*_unmet_articles(content, template), *_unmet_copies(content), *_unmet_characters(content)]
    if template:
        found += [*_unmet_parties(content, template), *_unmet_places(content, template)]
        if len(content["commitments"]) < template.least_rows:
            found.append(msg("The table of tasks needs at least one row"))
    return found


def _unmet_parties(content: Content, template: ModelTemplate) -> Iterator[Message]:
    count = len(signing(content["parties"]))
    if count < template.least_parties:
        yield msg("This model text needs at least %(least)s parties", least=template.least_parties)
    if template.most_parties and count > template.most_parties:
        yield msg("This model text takes at most %(most)s parties", most=template.most_parties)


def _unmet_places(content: Content, template: ModelTemplate) -> Iterator[Message]:
    """Required places without a value."""
    values = all_values(template, content, {}, "zh")
    spared = _spared(content, template)
    for variable in template.variables:
        wanted = (variable.is_asked and variable.name not in spared) or variable.name in WATCHED
        if wanted and variable.required and not values.get(variable.name):
            yield msg("“%(field)s” is not filled in", field=variable.label)


def _spared(content: Content, template: ModelTemplate) -> set[str]:
    """Figures of commitments that were not taken over, where no article speaks of them."""
    dropped = {task.target for task in template.tasks if task.code in content.get(WITHOUT, ())}
    told = {name for article in content["articles"] for name in places(f"{article['text_zh']} {article['text_en']}")}
    return dropped - told


def _unmet_copies(content: Content) -> Iterator[Message]:
    total, each = content["copies"]["total"], content["copies"]["each"]
    if not total or not each:
        yield msg("The number of copies is missing")
        return
    parties = len(signing(content["parties"]))
    if total != each * parties:
        yield msg(
            "%(each)s copies for each of %(parties)s parties make %(right)s, not %(total)s",
            each=each, parties=parties, right=each * parties, total=total,
        )  # fmt: skip


def _unmet_articles(content: Content, template: ModelTemplate | None) -> Iterator[Message]:
    articles = [article for article in content["articles"] if article["key"] != OPENING]
    if not any(article["text_zh"].strip() for article in articles):
        yield msg("The agreement has no text yet")
    known = known_places(template)
    for article in content["articles"]:
        for name in sorted(strange_places(f"{article['text_zh']} {article['text_en']}", known)):
            yield msg("“%(article)s” has a place that nothing fills: %(name)s", article=_name(article), name=name)
    if content["language"] == "both":
        yield from _unmet_english(content, articles)


def _unmet_english(content: Content, articles: list[Any]) -> Iterator[Message]:
    if not content["title_en"]:
        yield msg("The English title is missing")
    for article in articles:
        if article["text_zh"] and not article["text_en"]:
            yield msg("“%(article)s” has no English text", article=_name(article))


def _unmet_characters(content: Content) -> Iterator[Message]:
    """Characters that no font of the documents has, by the text that they stand in."""
    texts = [content["title_zh"], content["title_en"], content["signing_place"]]
    texts += [f"{party['name']} {party['department']}" for party in content["parties"]]
    texts += [str(value) for value in content["variables"].values()]
    texts += [" ".join(article.values()) for article in content["articles"]]
    texts += [" ".join(row.values()) for row in content["commitments"]]
    for text in texts:
        told = unprintable(text)
        if told:
            yield msg("%(text)s…: %(told)s", text=text[:20], told=told)


def unprintable(text: str) -> Message | None:
    """What to say of characters that cannot be printed; None when there are none, or no fonts were built yet."""
    signs = missing_characters(text)
    return msg("No font of the documents has these characters: %(signs)s", signs=describe(signs)) if signs else None


def _name(article: Any) -> str:
    return str(article["heading_zh"] or article["key"])


def known_places(template: ModelTemplate | None) -> frozenset[str]:
    """Names that may stand between double braces."""
    return frozenset(template.by_name) | frozenset(BLOCKS) if template else frozenset(BLOCKS)


def strange_places(text: str, known: frozenset[str]) -> set[str]:
    """Places in a text that nothing fills."""
    return set(places(text)) - known
