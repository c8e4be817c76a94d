"""A content as fields that can be compared one by one, and put together again. 内容字段.

A field's path names articles by their key, commitments by their code and parties by their position, never by their
place in a list, so that an article keeps its path when another one is added before it:
("articles", "3", "text_zh"), ("term", "months"), ("variables", "fairs_per_year").
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..core.i18n import Either, Message, msg
from .labels import party_label
from .record_words import FIELDS, shown
from .texts.derive import Content
from .texts.rendering import template_of

Path = tuple[str, ...]
Fields = dict[Path, Any]
LISTS = {"parties": "position", "articles": "key", "commitments": "code"}
NOT_TERMS = frozenset({"format", "template", "template_version", "number", "facts", "change", "renews", "without"})
"""What a content tells beside its terms; it follows from them, or from where the content began."""
SEPARATOR = "/"


def fields_of(content: Content) -> Fields:
    """Every field by its path, in the order of the content."""
    return dict(_walk((), {name: value for name, value in content.items() if name not in NOT_TERMS}))


def _walk(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if path and path[-1] in LISTS and len(path) == 1:
        for item in value:
            yield from _walk((*path, str(item[LISTS[path[0]]])), item)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _walk((*path, name), inner)
    else:
        yield path, value


def content_from(fields: Fields, beside: Content) -> dict[str, Any]:
    """A content with these fields; what is no term is taken from `beside`."""
    found: dict[str, Any] = {name: value for name, value in beside.items() if name in NOT_TERMS}
    tree: dict[str, Any] = {name: {} for name in ("variables", "term", "copies", *LISTS)}
    for path, value in fields.items():
        _put(tree, path, value)
    for name in LISTS:
        tree[name] = [dict(item) for item in tree[name].values()]
    tree["parties"].sort(key=lambda party: party["position"])
    return found | tree


def _put(tree: dict[str, Any], path: Path, value: Any) -> None:
    inner = tree
    for step in path[:-1]:
        inner = inner.setdefault(step, {})
    inner[path[-1]] = value


def written(path: Path) -> str:
    """A path as the name of a form's field."""
    return SEPARATOR.join(path)


def label_of(path: Path, *contents: Content) -> Message:
    """What a field is called: 甲方: Department, “一、合作宗旨”: Text (Chinese), a variable by its label.

    It stands in the table of changes as well, so it is made of characters that every paper has.
    """
    if path[0] == "variables":
        return _variable(path[1], contents)
    if len(path) == 1:
        return FIELDS[path[0]]
    if path[0] not in LISTS:
        return msg("%(whole)s: %(part)s", whole=FIELDS[path[0]], part=FIELDS[path[1]])
    return msg("%(whole)s: %(part)s", whole=_item(path[0], path[1], contents), part=FIELDS[path[-1]])


def _variable(name: str, contents: Sequence[Content]) -> Message:
    template = template_of(contents[0])
    variable = template.by_name.get(name) if template else None
    return variable.label if variable else Either(f"“{shown(name)}”", f"“{shown(name)}”")


def _item(kind: str, key: str, contents: Sequence[Content]) -> Message:
    if kind == "parties":
        return party_label(int(key))
    found: Mapping[str, Any] = next(
        (item for one in contents for item in one[kind] if str(item[LISTS[kind]]) == key), {}
    )
    if kind == "articles":
        zh = found.get("heading_zh") or f"第{key}条"
        return Either(zh, found.get("heading_en") or f"Article {key}")
    return Either(f"{key} {found.get('task', '')}".strip(), f"{key} {found.get('task_en') or found.get('task', '')}")
