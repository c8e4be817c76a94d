"""Charts: pictures of figures, drawn on the server, the same on the page, in PDF, Word and PNG. 图表.

Vega-Lite lays them out (in a limited process), our own code makes the SVG safe and puts the links on.
"""

from .chart import Chart, Row
from .making import bars, bars_and_line, funnel, lines

__all__ = ["Chart", "Row", "bars", "bars_and_line", "funnel", "lines"]
