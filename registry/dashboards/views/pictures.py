"""A chart as a file: SVG for the page, and SVG, PNG and CSV to take along. 图表文件."""

import hashlib
import io
from collections.abc import Callable
from typing import IO, Any, cast

from flask import request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ...core.dates import today
from ...core.errors import NotFound
from ...core.i18n import Either
from ...records.views.export import Column, write_csv
from ..charts import Chart

MIMES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv"}


def send_chart(chart: Chart, form: str) -> ResponseReturnValue:
    """The file of this form: to be saved, with its title, where the address says `save`; else the bare picture, drawn
    for a phone where it says `size=narrow`.

    Raises NotFound for another form, CannotDraw.
    """
    if form not in MIMES:
        raise NotFound
    is_saved = bool(request.args.get("save")) or form == "csv"
    if not is_saved and request.args.get("size") == "narrow":
        chart = chart.narrow or chart
    data = _DATA[form](chart, is_saved)
    response = send_file(
        io.BytesIO(data),
        MIMES[form],
        as_attachment=is_saved,
        download_name=f"{chart.title}-{today():%Y%m%d}.{form}",
        etag=hashlib.sha256(data).hexdigest(),  # its note and its table are not in the digest of the picture
    )
    return _kept_by_its_reader(response)


def _kept_by_its_reader(response: Response) -> Response:
    """Shown again without being sent again, for as long as the figures are the same; by nobody else."""
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response


def _svg(chart: Chart, is_saved: bool) -> bytes:
    return chart.poster_svg if is_saved else chart.svg.encode()


def _png(chart: Chart, is_saved: bool) -> bytes:
    return chart.poster_png if is_saved else chart.png


def _csv(chart: Chart, _is_saved: bool) -> bytes:
    """The table, with numbers as numbers and nothing where nobody reported."""
    file = io.BytesIO()
    columns = [Column(Either(head, head), _cell(number)) for number, head in enumerate(chart.table.head)]
    rows = [(label, *(cell.value for cell in cells)) for label, cells in chart.table.rows]
    write_csv(cast("IO[bytes]", file), columns, cast("Any", rows))
    return file.getvalue()


def _cell(number: int) -> Callable[[Any], object]:
    return lambda row: row[number]


_DATA: dict[str, Callable[[Chart, bool], bytes]] = {"svg": _svg, "png": _png, "csv": _csv}
