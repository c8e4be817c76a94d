"""What the records say today of a month that was kept otherwise: shown beside it, said in the next briefing. 更正.

Pure. The old figures never change; only what can be worked out of a past month at any time is compared.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from . import wording
from .content import shown
from .kept import Figures, KeptFigure
from .patterns import LANGUAGES, choose

SHARES = frozenset({"localities_covered", "details_complete", "fulfilment"})


@dataclass(frozen=True)
class Correction:
    """A figure of a month: its name, what was kept, what the records say now, in both languages."""

    month: int
    code: str
    name_zh: str
    name_en: str
    then_zh: str
    then_en: str
    now_zh: str
    now_en: str

    def sentence(self, language: str) -> str:
        """2023年3月“新签”由16份更正为17份。"""
        at = "en" if language == "en" else "zh"
        return choose(wording.CORRECTED, language).format(
            month=wording.said_month(self.month, language),
            name=getattr(self, f"name_{at}"),
            then=getattr(self, f"then_{at}"),
            now=getattr(self, f"now_{at}"),
        )

    @property
    def key(self) -> str:
        """Which figure of which month."""
        return f"{self.month}:{self.code}"

    def plain(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def compare(month: int, then: Figures, now: Figures, names: Mapping[str, tuple[str, str]]) -> list[Correction]:
    """Every figure of `now` that differs from what was kept. `names` are the metrics' names in both languages."""
    return list(_differing(month, then, now, names))


def _differing(month: int, then: Figures, now: Figures, names: Mapping[str, tuple[str, str]]) -> Iterator[Correction]:
    for code, figure in now.items():
        before = then.get(code, KeptFigure())
        if _essence(before) != _essence(figure):
            words = [_said(one, code, language) for one in (before, figure) for language in LANGUAGES]
            yield Correction(month, code, *names[code], *words)


def _essence(figure: KeptFigure) -> object:
    """What makes two figures differ: a share by its two numbers; what is not known is not known."""
    if figure.value is None:
        return None
    if figure.denominator is not None:
        return figure.numerator, figure.denominator
    return figure.value, figure.unit, figure.qualifier


def _said(figure: KeptFigure, code: str, language: str) -> str:
    return shown(figure, "share" if code in SHARES else "", language)


def unsaid(found: Sequence[Correction], said: Iterable[Correction]) -> list[Correction]:
    """What was not told yet; `said` in the order in which it was, of the same months and metrics.

    The last word counts: 17, then 18, then 17 again is told three times, and so is a figure that is as kept once more.
    """
    first: dict[str, Correction] = {}
    last: dict[str, Correction] = {}
    for one in said:
        first.setdefault(one.key, one)
        last[one.key] = one
    differing = {one.key for one in found}
    new = [one for one in found if one.key not in last or last[one.key].now_zh != one.now_zh]
    back = [_back(one, first[key]) for key, one in last.items() if key not in differing]
    return sorted([*new, *(one for one in back if one.then_zh != one.now_zh)], key=lambda one: one.month)


def _back(last: Correction, first: Correction) -> Correction:
    """From what was said last to what was kept, which the first correction names."""
    return replace(last, then_zh=last.now_zh, then_en=last.now_en, now_zh=first.then_zh, now_en=first.then_en)
