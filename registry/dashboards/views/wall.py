"""大屏: the overview at 1920×1080 for a meeting room, without the shell's navigation; it looks again every minute.

What looks again by itself does not count as somebody's use: a session that nobody touches ends as usual (30 minutes).
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import now, today
from ...core.web.guard import actor, needs
from ..overview.page import overview_of
from .asking import asked
from .blueprint import blueprint
from .overview import words_of

EVERY = 60  # seconds
THEMES = ("dark", "light")


@blueprint.get("/overview/wall")
@needs(Action.OVERVIEW_VIEW)
def wall() -> ResponseReturnValue:
    """One screen, dark or light."""
    theme = request.args.get("theme", "")
    page = overview_of(actor(), asked(), today())
    return render_template(
        "dashboards/wall.html",
        theme=theme if theme in THEMES else THEMES[0],
        every=EVERY,
        looked_at=now(),
        **words_of(page),
    )
