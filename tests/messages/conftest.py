"""Real receivers on this machine: a mail server, and one that takes posts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from registry.core import instance

from .receivers import Mailbox, Receiver

Outbound = Callable[..., None]


@pytest.fixture
def outbound(app: Flask) -> Iterator[Outbound]:
    """`outbound(smtp_url=…)` changes what the application may reach, for one test."""
    before = app.extensions["settings"]

    def change(**changes: Any) -> None:
        instance.configure(replace(instance.settings(), mail_from="registry@example.cn", **changes))

    yield change
    instance.configure(before)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Takes posts, and answers as it is told."""
    with Receiver() as made:
        yield made


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Takes e-mail, and answers as it is told."""
    with Mailbox() as made:
        yield made
