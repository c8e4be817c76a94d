"""A chart before it is drawn: what it says, where its marks lead, and the table beside it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, cached_property
from importlib.metadata import version
from typing import Any

from markupsafe import Markup

from ...core.text import INVISIBLE
from . import store

Number = int | float | Decimal
DASH = "—"
VERSION = 1  # raise it when the same chart would be drawn otherwise
PHONE, FITS_A_PHONE = 350, 400  # pixels
LOCAL = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*")
SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Row:
    """One row of figures: a value for each series, None where nobody reported one.

    `hrefs` are the lists behind the values (local addresses, "" for none), `texts` what is printed in their place
    where a number has a sign (10万余, 82%（9/11）).
    """

    label: str
    values: tuple[Number | None, ...]
    hrefs: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def href(self, series: int) -> str:
        """The list behind a value; "" where there is none, or the address leads elsewhere."""
        given = self.hrefs[series] if series < len(self.hrefs) else ""
        return given if LOCAL.fullmatch(given) else ""

    def text(self, series: int) -> str:
        """The value as it is printed."""
        given = self.texts[series] if series < len(self.texts) else ""
        return given or printed(self.values[series])


@dataclass(frozen=True)
class Cell:
    """One figure of the table, and the list behind it; `value` is what a spreadsheet gets."""

    text: str
    href: str = ""
    value: Number | str | None = None


@dataclass(frozen=True)
class Table:
    """The figures of a chart: headings, and for each row its name and its cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Chart:
    """A chart: its pictures are drawn when they are asked for, and kept.

    `name` is what its own page address calls it, `links` the lists behind its marks, each with what the link says.
    """

    name: str
    title: str
    summary: str
    spec: Mapping[str, Any]
    table: Table
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    note: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, in pixels of a page."""
        return self.spec["width"], self.spec["height"]

    @cached_property
    def narrow(self) -> "Chart | None":
        """The same drawn for a phone, where letters of the wide one would be too small; none where it is narrow."""
        return replace(self, spec={**self.spec, "width": PHONE}) if self.size[0] > FITS_A_PHONE else None

    @cached_property
    def digest(self) -> str:
        """The same for what is drawn the same, by this version of the library; the note stands outside the picture."""
        drawn = [VERSION, library(), self.title, self.summary, self.spec, self.links]
        return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()

    @property
    def kept(self) -> Markup | None:
        """The SVG for the page where it was drawn before; never waits."""
        found = store.find(f"{self.digest}.svg")
        return Markup(found.decode()) if found else None  # noqa: S704 - cleaning.py made it of a known few elements

    @property
    def svg(self) -> Markup:
        """The SVG for a page or a paper. Raises CannotDraw."""
        return Markup(store.svg(self).decode())  # noqa: S704 - as above

    @property
    def png(self) -> bytes:
        """The same picture as PNG, twice as many pixels each way. Raises CannotDraw."""
        return store.png(self)

    @property
    def poster_svg(self) -> bytes:
        """A picture that goes alone: with its title and note. Raises CannotDraw."""
        return store.svg(self, is_alone=True)

    @property
    def poster_png(self) -> bytes:
        """The picture that goes alone as PNG. Raises CannotDraw."""
        return store.png(self, is_alone=True)


@cache
def library() -> str:
    """The version of what draws; asked for once, since it stands in a file."""
    return version("vl-convert-python")


def printed(value: Number | None) -> str:
    """1,637 and 0.5; a dash where nobody reported."""
    if value is None:
        return DASH
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def one_line(text: str) -> str:
    """A name as it may stand in a picture: without what XML or an eye cannot take."""
    return " ".join(SURROGATES.sub("\ufffd", INVISIBLE.sub("", text)).split())
