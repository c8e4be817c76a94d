"""Messages of marshmallow become messages by field."""

import pytest

from registry.core.errors import Invalid
from registry.core.web.schema import REQUIRED, InputSchema, Text, load


class Person(InputSchema):
    """A name."""

    name = Text(required=True)


@pytest.mark.parametrize("values", [{}, {"name": ""}, {"name": None}])
def test_a_missing_field_says_so(values: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        load(Person(), values)
    assert caught.value.fields == {"name": [REQUIRED]}


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(Invalid) as caught:
        load(Person(), {"name": "x", "is_admin": "1"})
    assert set(caught.value.fields) == {"is_admin"}
