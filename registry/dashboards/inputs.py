"""What people hand in about briefings: one form for page and API."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BriefingTexts:
    """What people may change of a draft; of parts three and four each line is an item."""

    author: str = ""
    report_to: str = ""
    problems_zh: str = ""
    problems_en: str = ""
    next_zh: str = ""
    next_en: str = ""
