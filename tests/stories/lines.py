"""The stories' lines, read by the tests themselves."""

import csv
from pathlib import Path

import registry.stories

FOLDER = Path(registry.stories.__file__).parent / "data"
Line = dict[str, str]


def lines_of(name: str) -> list[Line]:
    """The lines of one file of data."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FACTS = lines_of("facts")
EVENTS = {line["event_key"]: line for line in lines_of("events")}
CITATIONS = {line["source_file"]: line["citation_zh"] for line in lines_of("sources")}
SERIES = "LN-BXQQ-2023"
# A plan and two programmes that are no activities stand with the series of the same story.
WITH_SERIES = ("LN-3Y", "P-BXQQ", "P-LLLL")


def home(fact: Line) -> str:
    """The name of the activity with which a fact is to be found."""
    key = SERIES if fact["event_key"] in WITH_SERIES else fact["event_key"]
    return EVENTS[key]["name_zh"]
