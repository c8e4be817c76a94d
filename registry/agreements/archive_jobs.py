"""Makes archive packages after the commit. A failed one never takes back that the papers were filed. 归档包制作."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from ..core.db import db, transaction
from ..core.i18n import msg
from ..documents import store
from ..jobs.registry import GiveUp, handles
from .archive_dossier import papers_of
from .archive_package import MEDIA_TYPE, package
from .models import ArchiveEntry
from .services import archiving


@handles(archiving.ARCHIVE_PACKAGE_JOB, title=msg("Make an archive package"))
def make_archive_package(payload: Mapping[str, Any]) -> None:
    """Make the package unless it is there; ordered `again`, the same bytes come out and bring back a lost file.

    A file that is damaged or gone from the store raises: it is tried again, once somebody has restored it.
    """
    entry = _entry(payload)
    if entry.package_id is not None and not payload.get("again"):
        return
    files = {row.file.sha256: store.read(row.file) for row in papers_of(entry)}
    kept = store.put(package(entry.dossier, files), MEDIA_TYPE)
    with transaction():
        if not archiving.keep_package(_entry(payload, for_change=True), kept):
            raise GiveUp(archiving.NO_LONGER.english)


def _entry(payload: Mapping[str, Any], *, for_change: bool = False) -> ArchiveEntry:
    statement = select(ArchiveEntry).where(ArchiveEntry.public_id == payload["entry"])
    entry = db.session.scalar(statement.with_for_update(of=ArchiveEntry) if for_change else statement)
    if entry is None or entry.archived_at is None:
        raise GiveUp(f"there is nothing archived as {payload['entry']}")
    return entry
