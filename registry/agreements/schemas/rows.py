"""Rows in forms: `parties-0-role` … become lists and go back, and buttons add, remove and move them. 表单行。"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, str]
Values = dict[str, Any]

ROW_FIELD = re.compile(r"(?P<group>[a-z]+)-(?P<number>\d{1,4})-(?P<field>\w+)")
GROUPS = ("parties", "tasks", "articles")
VARIABLE = "variables-"


def nested(posted: Mapping[str, str]) -> Values:
    """The fields of the form with a list of rows for each group, in order and without gaps, and the variables apart."""
    found: Values = {"variables": {}}
    rows: dict[str, dict[int, Row]] = {group: {} for group in GROUPS}
    for name, value in posted.items():
        match = ROW_FIELD.fullmatch(name)
        if match and match["group"] in rows:
            rows[match["group"]].setdefault(int(match["number"]), {})[match["field"]] = value
        elif name.startswith(VARIABLE):
            found["variables"][name.removeprefix(VARIABLE)] = value
        else:
            found[name] = value
    return found | {group: [given[number] for number in sorted(given)] for group, given in rows.items()}


def flat(values: Mapping[str, Any]) -> Values:
    """The names of the form's fields again."""
    found = {name: value for name, value in values.items() if name not in {*GROUPS, "variables"}}
    found |= {f"{VARIABLE}{name}": value for name, value in values.get("variables", {}).items()}
    for group in GROUPS:
        for number, row in enumerate(values.get(group, ())):
            found |= {f"{group}-{number}-{name}": value for name, value in row.items()}
    return found


def changed(values: Values, wish: str, blank: Mapping[str, Row]) -> Values:
    """The values after a button such as `parties:add`, `parties:up:2`, `tasks:remove:0`; others change nothing."""
    group, _, rest = wish.partition(":")
    act, _, number = rest.partition(":")
    if group not in GROUPS:
        return values
    rows = list(values[group])
    if act == "add":
        return values | {group: [*rows, dict(blank[group])]}
    if not number.isdecimal() or int(number) >= len(rows):
        return values
    return values | {group: _moved(rows, act, int(number))}


def _moved(rows: Sequence[Row], act: str, at: int) -> list[Row]:
    found = list(rows)
    row = found.pop(at)
    if act == "up":
        found.insert(max(at - 1, 0), row)
    elif act == "down":
        found.insert(at + 1, row)
    elif act != "remove":
        found.insert(at, row)
    return found
