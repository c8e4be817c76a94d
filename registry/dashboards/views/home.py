"""The first screen and the to-do list."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, cast

from flask import g, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Row, Select, select

from ...accounts.models import User
from ...accounts.reader import Reader, numbers_of, reader_like
from ...agreements import queries
from ...agreements.overdue import list_overdue
from ...agreements.todo import TASKS, listed, number_of
from ...agreements.todo import parts_for as agreements_for
from ...agreements.waiting import Task
from ...commitments import todo as promised
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now, today
from ...core.db import db
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT
from ...documents.certificates import count_expiring
from ...messages.queries import number_unread
from ...tasks import todo as assigned
from .blueprint import blueprint

SHORT_LIST = 6
KEPT = 32  # statements: people with the same roles ask the same one
WORDS = TASKS | assigned.WORDS | promised.WORDS
# Where a row leads; the rest are agreements.
PAGES = dict.fromkeys(assigned.WORDS, "tasks.show") | dict.fromkeys(promised.WORDS, "commitments.show")
LATEST = queries.Filter()


def todo_count() -> int:
    """How much waits for the reader."""
    return _numbers()[0]


def unread_count() -> int:
    """How many messages the reader has not read, 100 at most."""
    return _numbers()[1]


def _numbers() -> tuple[int, int]:
    """Both numbers of the frame in one statement, once a request."""
    if "frame_numbers" not in g:
        g.frame_numbers = _asked() if current_user.is_authenticated else (0, 0)
    found: tuple[int, int] = g.frame_numbers
    return found


def _asked() -> tuple[int, int]:
    waiting, unread = db.session.execute(_numbers_for(reader_like(_user())), numbers_of(_user())).one()
    return waiting, unread


@lru_cache(KEPT)
def _numbers_for(reader: Reader) -> Select[int, int]:
    return select(number_of(_parts(reader)), number_unread(reader.id))


@blueprint.get("/")
@needs(Action.HOME_VIEW)
def index() -> ResponseReturnValue:
    """What waits, what there is, what came last. Administrators see no records, so only their own menu."""
    if not decide(actor(), Action.AGREEMENT_VIEW):
        return render_template("dashboards/index.html", expiring=_expiring(), today=today())
    latest = queries.list_visible(actor(), LATEST, 0, SHORT_LIST)
    return render_template(
        "dashboards/index.html",
        waiting=_waiting()[:SHORT_LIST],
        latest=latest,
        parties=queries.parties_of([row.id for row in latest]),
        chips=queries.count_by_status(actor(), COUNT_LIMIT),
        tasks=WORDS,
        pages=PAGES,
        today=today(),
    )


@blueprint.get("/todo")
@needs(Action.HOME_VIEW)
def todo() -> ResponseReturnValue:
    """Everything that waits for the reader, earliest deadline first, and what is overdue with those below them."""
    waiting = _waiting()
    own = {(row.task, row.public_id) for row in waiting}
    overdue = [row for row in list_overdue(_user(), today()) if (row.task, row.public_id) not in own]
    return render_template(
        "dashboards/todo.html", waiting=waiting, overdue=overdue, tasks=WORDS, pages=PAGES, today=today()
    )


def _waiting() -> Sequence[Row[*tuple[Any, ...]]]:
    """What waits for the reader in agreements, tasks and promises: one list, one statement."""
    statement = _list_for(reader_like(_user()))
    return [] if statement is None else db.session.execute(statement, numbers_of(_user())).all()


@lru_cache(KEPT)
def _list_for(reader: Reader) -> Task | None:
    parts = _parts(reader)
    return listed(parts) if parts else None


def _parts(reader: Reader) -> list[Task]:
    return [*agreements_for(reader), *assigned.parts_for(reader), *promised.parts_for(reader)]


def _expiring() -> int:
    """How many certificates end soon, for those who look after them."""
    return count_expiring(now()) if decide(actor(), Action.CERTIFICATE_VIEW) else 0


def _user() -> User:
    return cast("User", actor())
