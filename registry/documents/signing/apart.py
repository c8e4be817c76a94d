"""pyHanko runs an event loop of its own, which a thread that has one running refuses: so everything runs apart."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run what `work` starts to its end in a thread apart; its errors are raised here."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(work())).result()
