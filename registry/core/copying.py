"""Many new rows on PostgreSQL: one COPY instead of an INSERT for each. 批量写入.

The driver sends the rows of an executemany one statement after the other, each looked at, planned and answered by
itself. COPY is one statement for all, with the same columns, defaults, constraints and triggers; what it may not do is
what INSERT may not do either.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

FEWEST = 50  # rows for which it pays
SHAPE = re.compile(r"INSERT INTO (\S+ \([^()]+\)) VALUES \((.+)\)")
BOUND = re.compile(r"%\((\w+)\)s(?:::[A-Z]+(?: [A-Z]+)*(?:\(\d+(?:, \d+)?\))?)?")


def copy_in(cursor: Any, statement: str, parameters: Sequence[Any], context: Any) -> bool:
    """Listener of `do_executemany`: puts the rows in where that is all the statement does; else says False.

    Raises what the driver raises for the INSERT: a constraint that is broken has the same name.
    """
    if context.dialect.driver != "psycopg" or len(parameters) < FEWEST:
        return False
    begun, names = _copying(statement)
    if not begun:
        return False
    with cursor.copy(begun) as rows:
        for row in parameters:
            rows.write_row([row[name] for name in names])
    return True


@lru_cache
def _copying(statement: str) -> tuple[str, tuple[str, ...]]:
    """The COPY that does the same, and the names of its values.

    Empty where more is asked for: something computed, something given back, what to do with a row that is there.
    """
    found = SHAPE.fullmatch(statement)
    if found is None or BOUND.sub("", found[2]).strip(", "):
        return "", ()
    return f"COPY {found[1]} FROM STDIN", tuple(BOUND.findall(found[2]))
