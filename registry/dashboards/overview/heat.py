"""How dark a tile is, and the points of a sparkline. Pure. 热力与趋势线。"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

LEVELS = 5
WIDTH, HEIGHT, EDGE = 96, 28, 2  # of a sparkline, in its own units


def level_of(value: Decimal | int | None, most: Decimal | int) -> int:
    """0 for none, else 1 to 5 by its share of the most."""
    if not value or most <= 0:
        return 0
    return max(1, min(LEVELS, -int(-value * LEVELS // most)))


def points(values: Sequence[Decimal | int | None]) -> list[str]:
    """Lines as `points` of polylines; a month without a figure is a gap. Nothing where no two months follow."""
    known = [value for value in values if value is not None]
    if not any(one is not None and other is not None for one, other in pairwise(values)):
        return []
    low, high = min(known), max(known)
    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)
    lines: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        share = float((value - low) / (high - low)) if high > low else 0.5
        lines[-1].append(f"{EDGE + place * step:.1f},{HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE):.1f}")
    return [" ".join(line if len(line) > 1 else line * 2) for line in lines if line]
