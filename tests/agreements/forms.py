"""Reads a page as a browser would: what its long form sends, and what is told at a field."""

from html.parser import HTMLParser

UNSENT = frozenset({"do", "csrf_token", "nonce", "next"})


class _Reader(HTMLParser):
    """Gathers the fields of forms with a guard, and the texts of messages by their id."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.told: dict[str, str] = {}
        self.inside = False
        self.area = self.select = self.message = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open elements; also those without an end."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = "data-guard" in given
        if given.get("id", "").startswith("f-") and "-wrong" in given["id"]:
            self.message = given["id"].removeprefix("f-").rpartition("-wrong")[0]
            self.told.setdefault(self.message, "")
        if self.inside:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "textarea":
            self.area = name
            self.fields[name] = ""
        elif tag == "select":
            self.select = name
            self.fields[name] = ""
        elif tag == "option" and "selected" in given:
            self.fields[self.select] = given["value"]
        elif tag == "input" and name and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "form":
            self.inside = False
        if tag == "textarea":
            self.fields[self.area] = self.fields[self.area].removeprefix("\n")
            self.area = ""
        if tag == "p":
            self.message = ""

    def handle_data(self, data: str) -> None:
        """Text of a field or of a message."""
        if self.area:
            self.fields[self.area] += data
        elif self.message:
            self.told[self.message] += data.strip()


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def fields_of(html: str) -> dict[str, str]:
    """What the page's form would send when it is saved, without tokens."""
    return {name: value for name, value in _read(html).fields.items() if name not in UNSENT}


def told_at(html: str, field: str) -> str:
    """The message at a field; a KeyError where nothing is told."""
    return _read(html).told[field]
