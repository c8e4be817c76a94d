"""Files of a transaction that came to nothing: removed with it, so that no key lies about without its row. 回滚清理."""

from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from ..core.db import db

FILES = "files of this transaction"


def remove_on_rollback(*paths: Path) -> None:
    """Say before they are written that these files belong to the open transaction."""
    db.session().info.setdefault(FILES, []).extend(paths)


@event.listens_for(Session, "after_commit")
def _keep(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(FILES, None)


@event.listens_for(Session, "after_rollback")
def _remove(session: Session) -> None:
    if not session.in_nested_transaction():
        for path in session.info.pop(FILES, ()):
            path.unlink(missing_ok=True)
