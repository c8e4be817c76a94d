"""Data → HTML. Text goes into the page as text only: never as template, style, address or attribute of meaning."""

import base64
import re
from dataclasses import dataclass

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..core.config import ROOT
from ..core.dates import SHANGHAI
from .briefing_sheet import BriefingSheet
from .data import RegistryCopy, SigningCopy, Verification
from .order_sheet import OrderSheet
from .signing.party_signatures import Look
from .titles import chinese_lines, english_lines

# （一）校园招聘。 at the head of a longer paragraph: GB/T 9704 sets it in 楷体.
LEAD = re.compile(r"（[一二三四五六七八九十]{1,3}）[^。；，：]{1,24}。(?=.)")
LONG_WORD = re.compile(r"[!-~]{14,}")
QR_PIXELS = 8

_environment = Environment(
    loader=FileSystemLoader(ROOT / "templates" / "pdf"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.tests["long_word"] = lambda text: bool(LONG_WORD.search(text))
_environment.tests["figure"] = lambda text: text.isascii() and text[:1].isdigit()
_environment.globals |= {"chinese_lines": chinese_lines, "english_lines": english_lines}


@dataclass(frozen=True)
class ScanPage:
    """One page of a scan, as the registry copy shows it."""

    label: str
    number: int
    of: int
    is_wide: bool


def signing_copy_html(data: SigningCopy) -> str:
    """The page of the signing copy."""
    template = _environment.get_template("signing_copy.html")
    return template.render(
        data=data, qr=qr_image(data.verification), made_at=data.made_at.isoformat(), split_lead=split_lead
    )


def registry_copy_html(data: RegistryCopy, pages: list[ScanPage]) -> str:
    """The certificate page, then a page for each page of the scans; their images are `asset:` 0, 1, …"""
    template = _environment.get_template("registry_copy.html")
    return template.render(data=data, qr=qr_image(data.verification), made_at=data.made_at.isoformat(), pages=pages)


def order_sheet_html(data: OrderSheet) -> str:
    """The page of an order of signing."""
    return _environment.get_template("order_sheet.html").render(data=data, made_at=data.made_at.isoformat())


def briefing_html(data: BriefingSheet) -> str:
    """The page of a briefing; its picture goes in as data."""
    picture = f"data:image/png;base64,{base64.b64encode(data.picture).decode()}" if data.picture else ""
    template = _environment.get_template("briefing.html")
    return template.render(data=data, picture=picture, made_at=data.made_at.isoformat())


def look_html(look: Look) -> str:
    """The page of a signature's appearance."""
    moment = look.moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    return _environment.get_template("look.html").render(look=look, moment=moment)


def how_to_verify_html(data: object) -> str:
    """The page of a verification package (see `package.PackageData`) that explains how to check it with other tools."""
    return _environment.get_template("how_to_verify.html").render(data=data)


def qr_image(verification: Verification) -> str:
    """The verification address as a QR code, in a data: image; "" where there is no address."""
    if not verification.url:
        return ""
    code = segno.make(verification.url, error="m", micro=False)
    return code.png_data_uri(scale=QR_PIXELS, border=2)


def split_lead(text: str) -> tuple[str, str]:
    """The numbered heading that a paragraph begins with, and the rest; "" where there is none."""
    found = LEAD.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)
