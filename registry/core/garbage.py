"""Python's search for garbage, put off while very many things are made that stay. 垃圾回收."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """Look for no garbage meanwhile: each search goes through everything that was made so far, and finds nothing.

    For work with an end that others wait for. What nothing refers to is freed at once, as ever.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
