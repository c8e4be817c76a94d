"""What is counted at each stage, what looks wrong about it, and the rates that follow. Pure. 各环节数据与转化率.

People are counted, never named. Rates are computed only: nobody types a percentage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ..core.dates import add_months
from ..core.i18n import Message, msg
from .enums import CHECKS, Stage

LABELS: dict[str, Message] = {
    "posts": msg("Posts"),
    "headcount": msg("Headcount wanted"),
    "pay_from": msg("Pay from (yuan a month)"),
    "pay_to": msg("Pay up to (yuan a month)"),
    "entrants": msg("Entrants"),
    "resumes": msg("Résumés"),
    "interviewed": msg("People interviewed"),
    "offers": msg("Offers"),
    "offers_master": msg("of which master or above"),
    "signed": msg("People signed"),
    "onboarded": msg("People on-boarded"),
    "retained": msg("People retained"),
}
COUNTS = tuple(LABELS)
# The first of each is required where the stage is recorded, if the stage stands in REQUIRED (dossier, section 7).
OF_STAGE: dict[Stage, tuple[str, ...]] = {
    Stage.REGISTERED: ("posts", "headcount"),
    Stage.VERIFIED: ("posts", "headcount"),
    Stage.FIELD_DOCKING: (),
    Stage.POSTED: ("posts", "headcount", "pay_from", "pay_to"),
    Stage.FAIR: ("entrants", "resumes"),
    Stage.INTERVIEW: ("interviewed",),
    Stage.OFFER: ("offers", "offers_master"),
    Stage.SIGNED: ("signed",),
    Stage.ONBOARDED: ("onboarded",),
    Stage.RETAINED_6M: ("retained",),
    Stage.RETAINED_12M: ("retained",),
}
REQUIRED = frozenset(Stage) - {Stage.REGISTERED, Stage.FIELD_DOCKING, Stage.FAIR}
FALLING = (
    (Stage.OFFER, "offers"),
    (Stage.SIGNED, "signed"),
    (Stage.ONBOARDED, "onboarded"),
    (Stage.RETAINED_6M, "retained"),
    (Stage.RETAINED_12M, "retained"),
)
Counts = Mapping[str, int | None]
Given = Mapping[Stage, Counts]  # what is known at the stages that were reached


def required_at(stage: Stage) -> str:
    """The count without which a stage is not recorded; empty where there is none."""
    return OF_STAGE[stage][0] if stage in REQUIRED else ""


def problems_of(stage: Stage, counts: Counts) -> dict[str, list[Message]]:
    """What cannot be: a required count that is missing, more of a part than of the whole, pay the wrong way round."""
    found: dict[str, list[Message]] = {}
    needed = required_at(stage)
    if needed and counts.get(needed) is None:
        found[needed] = [msg("This stage is recorded with this number")]
    if stage in (Stage.VERIFIED, Stage.POSTED) and counts.get("posts") == 0:
        found["posts"] = [msg("At least one post is needed")]
    if _exceeds(counts.get("offers_master"), counts.get("offers")):
        found["offers_master"] = [msg("This is more than the offers of which it is a part")]
    if _exceeds(counts.get("pay_from"), counts.get("pay_to")):
        found["pay_to"] = [msg("The upper end of the pay is below the lower one")]
    return found


def warnings_of(given: Given) -> list[Message]:
    """Offers ≥ signed ≥ on-boarded ≥ retained: each that exceeds the nearest earlier number known. Never refused."""
    found, before = [], None
    for stage, name in FALLING:
        count = given.get(stage, {}).get(name)
        if count is None:
            continue
        if before is not None and count > before[1]:
            words = {"later": stage.label, "count": count, "earlier": before[0].label, "before": before[1]}
            found.append(msg("%(later)s: %(count)s people, though %(earlier)s: only %(before)s", **words))
        before = (stage, count)
    return found


def early_checks_of(days: Mapping[Stage, date]) -> list[Message]:
    """Who stayed for so many months is known only when they have passed since people came. Never refused."""
    came = days.get(Stage.ONBOARDED)
    return [
        msg(
            "%(stage)s: recorded for %(day)s, before %(months)s months had passed",
            stage=stage.label,
            day=days[stage],
            months=months,
        )
        for stage, months in CHECKS.items()
        if came is not None and stage in days and days[stage] < add_months(came, months)
    ]


@dataclass(frozen=True)
class Rate:
    """A share of two counts; `value` is None while one of them is missing or the whole is nobody."""

    label: Message
    part: int | None
    whole: int | None
    is_complement: bool = False

    @property
    def value(self) -> Fraction | None:
        """The share, exactly; for a complement (违约率 = 1 − 报到率) what is missing from one."""
        if self.part is None or not self.whole:
            return None
        share = Fraction(self.part, self.whole)
        return 1 - share if self.is_complement else share

    @property
    def percent(self) -> str:
        """80 %, 83.3 %; empty where there is none."""
        if self.value is None:
            return ""
        rounded = round(float(self.value * 100), 1)
        return f"{rounded:.0f} %" if rounded.is_integer() else f"{rounded} %"

    @property
    def formula(self) -> str:
        """8 / 10, so that everybody sees what the share is of."""
        return "" if self.value is None else f"{self.part} / {self.whole}"


def rates_of(given: Given) -> list[Rate]:
    """The rates of the metric dictionary (dossier, sections 7 and 8)."""

    def count(stage: Stage, name: str) -> int | None:
        return given.get(stage, {}).get(name)

    resumes, interviewed = count(Stage.FAIR, "resumes"), count(Stage.INTERVIEW, "interviewed")
    offers, signed = count(Stage.OFFER, "offers"), count(Stage.SIGNED, "signed")
    onboarded = count(Stage.ONBOARDED, "onboarded")
    return [
        Rate(msg("Interview rate"), interviewed, resumes),
        Rate(msg("Offer rate"), offers, interviewed),
        Rate(msg("Signing rate"), signed, offers),
        Rate(msg("On-boarding rate"), onboarded, signed),
        Rate(msg("Default rate"), onboarded, signed, is_complement=True),
        Rate(msg("Retention rate, 6 months"), count(Stage.RETAINED_6M, "retained"), onboarded),
        Rate(msg("Retention rate, 12 months"), count(Stage.RETAINED_12M, "retained"), onboarded),
    ]


def _exceeds(part: int | None, whole: int | None) -> bool:
    return part is not None and whole is not None and part > whole
