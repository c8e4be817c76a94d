"""Garbage is looked for again, whatever happened meanwhile."""

import gc

import pytest

from registry.core.garbage import put_off


def work(seen: list[bool]) -> None:
    with put_off():
        seen.append(gc.isenabled())
        with put_off():
            seen.append(gc.isenabled())
        seen.append(gc.isenabled())
        raise RuntimeError


def test_it_is_looked_for_again_afterwards() -> None:
    seen: list[bool] = []
    with pytest.raises(RuntimeError):
        work(seen)
    assert seen == [False, False, False]
    assert gc.isenabled()
