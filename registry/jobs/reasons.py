"""Why a job failed, kept so that each reader is told in their own language. 失败原因."""

import json
from collections.abc import Callable
from typing import Any

from ..core.errors import Invalid, RegistryError
from ..core.i18n import Either, Message

LONGEST = 2_000  # the column
Masking = Callable[[str], str]


def of(error: RegistryError) -> Message:
    """What an error has to say: of a refused input the first reason, since there is no form to mark it in."""
    said = [message for messages in error.fields.values() for message in messages] if isinstance(error, Invalid) else []
    first = said[0] if said else error.message
    return first if isinstance(first, Message) else Either(first, first)


def written(message: Message, masked: Masking = str) -> str:
    """A message as the job's row keeps it, its values masked; its English sentence where it is too long for that."""
    text = json.dumps(_plain(message, masked), ensure_ascii=False)
    return text if len(text) <= LONGEST else message.english[:LONGEST]


def read(error: str) -> Message | str:
    """What was written, as a message again; plain text stays as it is."""
    try:
        return _message(json.loads(error))
    except (ValueError, TypeError, KeyError, RecursionError):
        return error


def _plain(value: Any, masked: Masking) -> Any:
    if isinstance(value, Either):
        return {"zh": value.zh, "en": value.key}
    if isinstance(value, Message):
        return {"say": value.key, "values": {name: _plain(inner, masked) for name, inner in value.values.items()}}
    return value if isinstance(value, int) else masked(str(value))


def _message(kept: dict[str, Any]) -> Message:
    if "zh" in kept:
        return Either(kept["zh"], kept["en"])
    values = {name: _message(value) if isinstance(value, dict) else value for name, value in kept["values"].items()}
    return Message(kept["say"], values)
