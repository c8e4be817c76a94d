"""Values of events in their plain form."""

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.plain import canonical, moment, plain, storable
from registry.core.i18n import msg


class Colour(StrEnum):
    """Codes as text."""

    RED = "red"


class Level(IntEnum):
    """Codes as numbers."""

    HIGH = 3


class Named:
    """A record."""

    audit_label = "鞍山市人力资源和社会保障局"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (0, 0),
        (1.5, 1.5),
        (float("inf"), "inf"),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        (Decimal("10.20"), "10.20"),
        (date(2023, 3, 18), "2023-03-18"),
        (time(9, 30), "09:30:00"),
        (datetime(2023, 3, 18, 1, 2, 3, 4, UTC), "2023-03-18T01:02:03.000004+00:00"),
        (datetime(2023, 3, 18, 8, tzinfo=timezone(timedelta(hours=8))), "2023-03-18T00:00:00.000000+00:00"),
        ({"b": 1, "a": {Colour.RED}}, {"a": ["red"], "b": 1}),
        (("x", [date(2023, 1, 1)]), ["x", ["2023-01-01"]]),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Named(), "鞍山市人力资源和社会保障局"),
        (msg("At most %(limit)s", limit=5), "At most 5"),
        ("a\x00b\ud800", "a\ufffdb\ufffd"),
        (msg("Not before %(day)s", day="a\x00b\ud800"), "Not before a\ufffdb\ufffd"),
    ],
)
def test_plain_forms(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_files_are_kept_as_their_digest() -> None:
    assert plain(b"scan") == f"sha256:{hashlib.sha256(b'scan').hexdigest()}"


def test_what_has_no_plain_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        plain({"field": object()})


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2023, 1, 1))  # noqa: DTZ001 - that is the point


@given(st.text())
def test_any_text_can_be_stored(text: str) -> None:
    stored = storable(text)
    assert stored.encode().decode() == stored
    assert "\x00" not in stored


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner)
       | st.dictionaries(st.text(), inner), max_leaves=8))  # fmt: skip
def test_the_plain_form_survives_json(value: object) -> None:
    first = plain(value)
    assert canonical(plain(json.loads(json.dumps(first)))) == canonical(first)
