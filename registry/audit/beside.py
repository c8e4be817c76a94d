"""What else tells of a record: the import that entered it, say. Packages above say how it is found. 相关对象."""

from collections.abc import Callable

from sqlalchemy import Select

Records = Select[str]  # public ids
Beside = Callable[[Records], Records]
_found: list[Beside] = []


def told_beside(find: Beside) -> Beside:
    """Make known how to find objects of events that tell of some records: public ids of public ids, without a scope.

    The statement that is given selects the records' ids, and whatever is returned becomes a part of a statement.
    """
    if find not in _found:
        _found.append(find)
    return find


def beside(records: Records) -> list[Records]:
    """Everything known to be found beside these records."""
    return [find(records) for find in _found]
