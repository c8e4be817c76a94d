"""Charts of the overview as files. The figures are those of the page at the same address, through the same eyes; what
the address asks beyond its filter is only which chart, and in which form. 总览文件。
"""

from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import today
from ...core.errors import NotFound
from ...core.web.guard import actor, needs
from ..overview.page import overview_of
from .asking import asked
from .blueprint import blueprint
from .overview import words_of
from .pictures import send_chart


@blueprint.get("/overview/charts/<name>.<form>")
@needs(Action.OVERVIEW_VIEW)
def overview_chart(name: str, form: str) -> ResponseReturnValue:
    """SVG, PNG or the figures as CSV. Raises NotFound, CannotDraw."""
    chart = words_of(overview_of(actor(), asked(), today()))["charts"].get(name)
    if chart is None:
        raise NotFound
    return send_chart(chart, form)
