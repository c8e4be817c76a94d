"""The file itself, read by the library's parser: folding, escaping, whole days."""

from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from registry.core.dates import now
from registry.reminders.feed import ics
from registry.reminders.feed.entries import Entry

DAY = date(2026, 12, 31)
LONG = "鞍山市人力资源和社会保障局与东北大学等四方共建人才工作站及毕业生就业实习基地三年行动计划合作框架协议" * 3
AWKWARD = 'a,b;c\\d"e\r\nf：“引号”—𬎆'


def entry(title: str = "协议到期：某协议", uid: str = "1", day: date = DAY) -> Entry:
    return Entry(uid, day, title, f"{title} in English", "http://127.0.0.1:8000/messages/to/agreement/1")


def parsed(*entries: Entry, language: str = "zh") -> Any:
    return Calendar.from_ical(ics.written(entries, language, now()))


@pytest.mark.parametrize("title", [LONG, AWKWARD, "短", "é" * 400])
def test_lines_have_75_octets_and_titles_come_back(title: str) -> None:
    written = ics.written([entry(title)], "zh", now())
    assert written.endswith(b"\r\n")
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is torn apart
        assert b"\n" not in line
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert str(event["summary"]) == title.replace("\r\n", "\n")


def test_an_entry_is_a_whole_day_that_takes_no_time() -> None:
    calendar = parsed(entry())
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    (event,) = calendar.events
    assert (event["dtstart"].dt, event["dtend"].dt) == (DAY, DAY + timedelta(days=1))
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert (str(event["uid"]), str(event["transp"])) == ("1", "TRANSPARENT")
    assert now() - event["dtstamp"].dt < timedelta(minutes=1)
    assert str(event["url"]).startswith("http://127.0.0.1:8000/")


def test_both_languages() -> None:
    chinese, english = parsed(entry("甲")), parsed(entry("甲"), language="en")
    assert str(chinese.events[0]["summary"]) == "甲"
    assert str(english.events[0]["summary"]) == "甲 in English"
    assert str(chinese["x-wr-calname"]) != str(english["x-wr-calname"])


def test_an_empty_calendar_is_one() -> None:
    assert parsed().events == []


def test_of_very_much_the_nearest_and_a_word_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics, "MOST", 31)
    many = [entry(uid=str(number)) for number in range(32)]
    calendar = parsed(*many)
    assert len(calendar.events) == 31
    assert "31" in str(calendar["x-wr-caldesc"])
    assert "31" not in str(parsed(*many[:31])["x-wr-caldesc"])
