"""Entries as an iCalendar file (RFC 5545): all-day events that take no time, so that nobody looks busy. 日历文件."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from .entries import MOST, Entry

PRODUCT = "-//cooperation-registry//calendar//ZH"
NAMES = {"zh": "校地合作到期事项", "en": "Cooperation registry: due dates"}
CUT = {
    "zh": "事项超过 {} 条，较远的未列出。",
    "en": "There are more than {} entries; the farthest are left out.",
}
ABOUT = {"zh": "校地合作协议登记系统", "en": "School–Locality Agreement Registry"}
REFRESH = timedelta(hours=6)
ONE_DAY = timedelta(days=1)


def written(entries: Sequence[Entry], language: str, moment: datetime) -> bytes:
    """The file in the reader's language, `zh` or `en`; titles and addresses only."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", NAMES[language])
    calendar.add("x-wr-calname", NAMES[language])
    about = ABOUT[language] if len(entries) <= MOST else f"{ABOUT[language]} · {CUT[language].format(MOST)}"
    calendar.add("description", about)
    calendar.add("x-wr-caldesc", about)
    calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries[:MOST]:
        calendar.add_component(_event(entry, language, moment))
    body: bytes = calendar.to_ical()
    return body


def _event(entry: Entry, language: str, moment: datetime) -> Event:
    """DTSTAMP is the moment of writing: what is fetched later replaces what was fetched before."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", moment)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + ONE_DAY)
    event.add("summary", entry.title_zh if language == "zh" else entry.title_en)
    event.add("url", entry.address)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
