"""What the forms of imports send. 导入表单."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from ..core.text import INVISIBLE
from .targets.base import REPORTED

COLUMN = re.compile(r"column-(\d{1,3})")
NAME = re.compile(r"name-(\d{1,4})")
CHOICE = re.compile(r"choice-(\d{1,4})")
PUBLIC_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
LONGEST_NAME = 120
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


def mapping_from(values: Mapping[str, Any]) -> dict[str, str]:
    """Field by place of the column."""
    found = ((COLUMN.fullmatch(name), str(value)[:40]) for name, value in values.items())
    return {match[1]: field for match, field in found if match}


def decisions_from(values: Mapping[str, Any]) -> dict[str, str]:
    """Whom each name means; names for which nothing was chosen are left out. `rest` answers those in one go."""
    rest = REPORTED if values.get("rest") == REPORTED else ""
    decided: dict[str, str] = {}
    for field, value in values.items():
        match = NAME.fullmatch(field)
        choice = str(values.get(f"choice-{match[1]}", "")) if match else ""
        chosen = choice if choice == REPORTED or PUBLIC_ID.fullmatch(choice) else rest
        if match and chosen:
            decided[str(value)[:200]] = chosen
    return decided


def filename_from(given: str) -> str:
    """A name without folders and signs that file systems forbid."""
    name = UNSAFE.sub("_", PurePosixPath(INVISIBLE.sub("", given).replace("\\", "/")).name).strip(" .")
    return name[-LONGEST_NAME:] or "ledger"
