"""Issued briefings stay as they were, whatever draws charts or prints papers later: the first are kept. 签发件留存.

The chart is kept when it is issued, a paper when somebody asks for it first.
"""

from collections.abc import Mapping

from sqlalchemy import select

from ...core.db import db
from ...core.upsert import insert_or
from ...documents import store
from ...documents.store import Kept
from ..briefing.content import Content
from ..briefing.picture import chart_of
from ..charts.store import CannotDraw
from ..models import Briefing, BriefingFile, FileForm

SVG_TYPE, PNG_TYPE = "image/svg+xml", "image/png"
Files = Mapping[tuple[str, FileForm], Kept]


def drawn(said: Content) -> Files:
    """The chart's pictures, in the store; none where there is no chart or it cannot be drawn. Before a transaction."""
    chart = chart_of(said)
    try:
        pictures = {FileForm.SVG: (chart.svg.encode(), SVG_TYPE), FileForm.PNG: (chart.png, PNG_TYPE)} if chart else {}
    except CannotDraw:
        return {}
    return {(said.language, form): store.put(*picture) for form, picture in pictures.items()}


def keep(briefing: Briefing, files: Files) -> None:
    """Keep files of an issued briefing; what was kept first stays. Inside a transaction."""
    rows = [
        {"briefing_id": briefing.id, "language": language, "form": str(form), "file_id": store.register(kept).id}
        for (language, form), kept in files.items()
    ]
    if rows:
        db.session.execute(insert_or(BriefingFile).on_conflict_do_nothing(), rows)


def kept(briefing: Briefing | None, language: str, form: FileForm) -> bytes | None:
    """The file as it was first made; None where none was kept, of a draft above all. Raises Damaged."""
    if briefing is None:
        return None
    whose = (BriefingFile.briefing_id == briefing.id, BriefingFile.language == language, BriefingFile.form == form)
    found = db.session.scalar(select(BriefingFile).where(*whose))
    return store.read(found.file) if found else None
