"""When the database or the disk does not answer: what it is, and what is said. 故障应答."""

import errno

from flask_login import current_user
from sqlalchemy.exc import DataError, DBAPIError, NotSupportedError, ProgrammingError, SQLAlchemyError

from ..db import db
from ..errors import Unavailable
from ..i18n import msg

STORAGE_FULL = msg("The disk is full or takes no writes at the moment; nothing was saved. Reading goes on")
FAULTS_OF_OURS = (ProgrammingError, DataError, NotSupportedError)
SQLITE_STORAGE = frozenset({8, 10, 13})  # SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, without their extensions
POSTGRESQL_STORAGE = frozenset({"53100", "25006"})  # disk_full, read_only_sql_transaction
SYSTEM_STORAGE = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT})


def outage(error: Exception) -> Unavailable | None:
    """What to tell the reader, or None where the fault is in the program."""
    if isinstance(error, FAULTS_OF_OURS):
        return None
    return Unavailable(STORAGE_FULL) if takes_no_writes(error) else Unavailable()


def takes_no_writes(error: Exception) -> bool:
    """Whether the disk is full or read-only, so that reading goes on."""
    if isinstance(error, OSError):
        return error.errno in SYSTEM_STORAGE
    original = getattr(error, "orig", None)
    code = getattr(original, "sqlite_errorcode", 0)
    return code & 0xFF in SQLITE_STORAGE or getattr(original, "sqlstate", "") in POSTGRESQL_STORAGE


def leave_transaction() -> None:
    """Drop what the failed request had open, so that its error page can read."""
    try:
        db.session.rollback()
    except DBAPIError:
        db.session.remove()


def is_signed_in() -> bool:
    """Whether a user asks; yes when it cannot be known, so that nothing is cached."""
    try:
        return bool(current_user.is_authenticated)
    except SQLAlchemyError:
        return True
