"""Hostile text in every field of every form: refused with a message or taken as text, never an error of the program.

Fields are found in the schemas and in the form as a browser sends it, so a new one is covered by itself.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from marshmallow import fields

from registry.agreements.schemas import actions, entry
from registry.core.errors import Invalid
from registry.core.text import FIELD
from registry.core.web.schema import InputSchema, Text, load
from registry.documents import schemas as certificates
from tests.agreements.test_entry_views import Cast, cast, count, draft_form, own_form, record_form
from tests.conftest import EVERYWHERE, Client

__all__ = ["cast"]

REFUSED = {
    "nul": "鞍山\x00市",
    "surrogate": "鞍山\ud800",
    "flood": "字" * 400_000,
    "word": "W" * 400_000,
    "combining": "e" + "\u0489" * 400_000,
}
ODD = {
    "markup": "<script>alert(1)</script><img src=http://127.0.0.1:9/x>",
    "template": "{{ 7*7 }}{% include '/etc/passwd' %}",
    "bidi": "\u202e西安\u2066\u200b\ufeff",
    "arabic": "مرحبا",
    "emoji": "🖋️",
    "rare": "𬎆",
    "formula": "=HYPERLINK(1)",
    "blanks": " \u3000\t\r\n" * 100,
    "digits": "９" * 400,
}
# The others are larger than any form may be: 413 before anything is read.
TRAVELLING = [(title, text) for title, text in (REFUSED | ODD).items() if title not in ("flood", "combining")]
SHARES = 3
OPTIONAL = {
    "tasks-0-task": "组织专场招聘会",
    "tasks-0-target": "2",
    "tasks-0-unit": "场",
    "tasks-0-evidence": "",
    "articles-0-heading_zh": "第一条",
    "articles-0-text_zh": "正文",
    "articles-0-text_en": "",
    "parties-1-representative": "",
}
FORMS: dict[str, tuple[str, Callable[[Cast], Mapping[str, str]]]] = {
    "model text": ("/agreements/new/framework", lambda cast: draft_form(cast) | OPTIONAL),
    "own text": ("/agreements/new/own", lambda cast: own_form(cast) | OPTIONAL),
    "historic": ("/agreements/record", lambda cast: record_form(cast) | {"signing_place": "", "number": ""}),
}


def schemas() -> Iterator[type[InputSchema]]:
    """All schemas of agreements and of certificates."""
    for module in (actions, entry, certificates):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, InputSchema) and value is not InputSchema:
                yield value


FIELDS = [
    pytest.param(schema, name, id=f"{schema.__name__}.{name}")
    for schema in sorted(set(schemas()), key=lambda schema: schema.__name__)
    for name, field in schema._declared_fields.items()
    if not isinstance(field, fields.List | fields.Dict)
]


@pytest.mark.parametrize(("schema", "name"), FIELDS)
def test_every_field_refuses_what_is_too_long_or_cannot_be_stored(schema: type[InputSchema], name: str) -> None:
    for value in REFUSED.values():
        with pytest.raises(Invalid) as caught:
            load(schema(), {name: value})
        assert any(caught.value.fields.values())


@pytest.mark.parametrize(("schema", "name"), FIELDS)
def test_every_field_is_read_or_refused_in_words(schema: type[InputSchema], name: str) -> None:
    strange: list[Any] = [*ODD.values(), 1, -1.5, True, [], {}, [[]], {"a": []}, b"\xff"]
    for value in strange:
        try:
            load(schema(), {name: value})
        except Invalid as error:
            assert all(error.fields.values())  # noqa: PT017 - either outcome is well


def test_no_text_may_be_longer_than_a_field() -> None:
    texts = [field for schema in schemas() for field in schema._declared_fields.values() if isinstance(field, Text)]
    assert len(texts) > 20
    assert max(field.limit for field in texts) == FIELD


@pytest.mark.parametrize(("address", "make"), FORMS.values(), ids=list(FORMS))
def test_no_form_fails(client: Client, cast: Cast, address: str, make: Callable[[Cast], Mapping[str, str]]) -> None:
    """Each field in turn with texts by turns (`script/gates`: with each): a page that says what is wrong, or a record.

    A lone surrogate cannot travel in a form: it arrives as U+FFFD.
    """
    client.sign_in(cast.handler)
    form = make(cast)
    for place, name in enumerate(form):
        for title, value in TRAVELLING if EVERYWHERE else TRAVELLING[place % SHARES :: SHARES]:
            answer = client.post(address, data={**form, name: value.encode("utf-8", "surrogatepass")})
            assert answer.status_code in (303, 422), f"{name} {title}: {answer.status_code}"
            assert title not in ("nul", "word") or answer.status_code == 422, f"{name} {title} was taken"
            assert "<script>alert(1)" not in answer.text


def test_a_form_is_no_longer_than_a_document(client: Client, cast: Cast) -> None:
    long = {f"articles-{number}-text_zh": "字" * 4_900 for number in range(21)}
    answer = client.sign_in(cast.handler).post("/agreements/new/own", data=own_form(cast) | long)
    assert answer.status_code == 422
    assert "最多100000个字符" in answer.text
    assert count() == 0


def test_rows_have_an_end(client: Client, cast: Cast) -> None:
    for rows in ("parties-{}-name_as_reported", "tasks-{}-task", "articles-{}-text_zh"):
        many = {rows.format(number): "某" for number in range(201)}
        answer = client.sign_in(cast.handler).post("/agreements/new/own", data=own_form(cast) | many)
        assert answer.status_code == 422
    assert count() == 0


@pytest.mark.parametrize("field", ["text", "region", "party", "status", "kind", "signed_from", "sort", "page"])
def test_no_filter_fails(client: Client, cast: Cast, field: str) -> None:
    client.sign_in(cast.handler)
    for value in ("\x00", "\ufffd", "%", "字" * 3_000, "9" * 400, "-1"):
        assert client.get("/agreements", query_string={field: value}).status_code in (200, 400, 422)
