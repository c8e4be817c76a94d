"""pyHanko's plain functions start an event loop, which a thread that runs one refuses: browser tests run one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


def aside(work: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
    """Call a function in a thread of its own, in the same application."""
    context = copy_context()
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: context.run(work, *arguments, **more)).result()
