"""What the second wall puts into a statement: what `with_loader_criteria` does, kept compiled for all."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Select, select, union_all
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import aliased, with_loader_criteria
from sqlalchemy.sql.elements import Grouping

from registry import models  # noqa: F401 - every package says what is seen of its records
from registry.core.access.scope import Brick, _criteria, _wall_of
from registry.organisations.models import Contact, Organisation

DIALECT = sqlite.dialect()
SCOPED = sorted(_criteria, key=lambda entity: entity.__name__)


def _written(statement: Select[Any]) -> tuple[str, list[str]]:
    made = statement.compile(dialect=DIALECT)
    return str(made), sorted(map(repr, made.params.values()))


def _key(*bricks: Brick) -> tuple[object, list[object]]:
    found = select(Contact).options(*bricks)._generate_cache_key()
    assert found is not None
    return found.key, [one.value for one in found.bindparams]


@pytest.mark.parametrize("entity", SCOPED)
def test_it_is_written_alike_for_every_viewer(entity: type) -> None:
    """Else each viewer's statements would be compiled anew."""
    one, other = (Brick(entity, _criteria[entity](viewer)) for viewer in (7, 8))
    assert _key(one)[0] == _key(other)[0]
    assert _key(one)[1] != _key(other)[1]


@pytest.mark.parametrize("entity", SCOPED)
def test_it_says_what_sqlalchemy_would_have_it_say(entity: type) -> None:
    criterion = _criteria[entity](7)
    own: Select[Any] = select(entity).options(with_loader_criteria(entity, criterion, include_aliases=True))
    assert _written(select(entity).options(Brick(entity, criterion))) == _written(own)


def _read(entity: Any) -> Iterator[Select[Any]]:
    """By its own name, another, both, in a subquery, a union, beside something else; with numbers of its own."""
    other = aliased(entity)
    yield select(entity).where(entity.id > 3).limit(5)
    yield select(other).where(other.id.in_([1, 2, 3]))
    yield select(entity.id, other.id).join(other, other.id == entity.id)
    yield select(select(entity.id).where(entity.id != 4).subquery())
    yield select(union_all(select(entity.id), select(Contact.id).where(Contact.name == "x")).subquery())
    yield select(Organisation.id).where(select(other.id).where(other.id == Organisation.id).exists())


@pytest.mark.parametrize("entity", SCOPED)
def test_what_is_found_compiled_is_given_the_viewers_own_numbers(entity: type) -> None:
    """One after the other, with all walls there are, as `with_loader_criteria` has it compiled for each."""
    kept: dict[Any, Any] = {}
    for viewer in (7, 8):
        own = [with_loader_criteria(each, of(viewer), include_aliases=True) for each, of in _criteria.items()]
        for statement in _read(entity):
            expected = statement.options(*own).compile(dialect=DIALECT)
            compiled, numbers, *_rest = statement.options(*_wall_of(viewer))._compile_w_cache(
                DIALECT, compiled_cache=kept, column_keys=[]
            )
            given = compiled.construct_params(extracted_parameters=numbers)
            assert (str(compiled), given) == (str(expected), expected.params)
    assert len(kept) == len(list(_read(entity)))


def test_criteria_that_say_something_else_are_not_taken_for_each_other() -> None:
    name, title, other = Contact.name == "a", Contact.title == "a", Organisation.name_zh == "a"
    keys = [_key(Brick(Contact, name)), _key(Brick(Contact, title)), _key(Brick(Organisation, other)), _key()]
    assert len({key for key, _numbers in keys}) == len(keys)
    both, turned = _key(Brick(Contact, name), Brick(Contact, title)), _key(Brick(Contact, title), Brick(Contact, name))
    assert both[0] != turned[0]


def test_one_brick_twice_is_not_taken_for_two() -> None:
    """What was compiled for the first has one number for both."""
    one, other = (Brick(Contact, Contact.name == name) for name in ("a", "b"))
    met = [_key(one, one), _key(one, other), _key(one, other, one), _key(one, other, other)]
    assert [numbers for _key_of, numbers in met] == [["a"], ["a", "b"], ["a", "b"], ["a", "b"]]
    assert len({key for key, _numbers in met}) == len(met)


class _Unkept(Grouping[bool]):
    """An expression of which SQLAlchemy cannot say whether it was compiled before."""

    inherit_cache = False


def test_what_has_no_key_is_refused() -> None:
    with pytest.raises(TypeError, match="Contact"):
        Brick(Contact, _Unkept(Contact.name == "a"))
