"""Work phone numbers: read as people write them, shown masked; and what must not stand in other fields. 电话."""

import re
import unicodedata

MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
LANDLINE = re.compile(
    r"(?:\+?86-?0?|0)(10|2\d|[3-9]\d{2})-?(\d{3,4}-?\d{4})(?:(?:-|转|ext\.?|#)(\d{1,6}))?", re.IGNORECASE
)
SERVICE = re.compile(r"400-?\d{3}-?\d{4}")
IDENTITY_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15})(?![\dXx])")
MOBILE_ANYWHERE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def normalise(text: str) -> str:
    """13812345678, 024-12345678, 024-12345678-801 or 400-123-4567; '' for what is no phone number of this country."""
    plain = re.sub(r"[\s()·.]|\u2010|\u2013|\u2014", "", unicodedata.normalize("NFKC", text))
    if match := MOBILE.fullmatch(plain.replace("-", "")):
        return match[1]
    if match := LANDLINE.fullmatch(plain):
        extension = f"-{match[3]}" if match[3] else ""
        return f"0{match[1]}-{match[2].replace('-', '')}{extension}"
    if SERVICE.fullmatch(plain):
        digits = plain.replace("-", "")
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return ""


def mask(phone: str) -> str:
    """138****5678, 024-****5678, 024-****5678-***: enough to recognise a number, too little to call it."""
    if "-" not in phone:
        return f"{phone[:3]}****{phone[-4:]}"
    area, local, *extension = phone.split("-")
    if area == "400":
        return f"400-****{phone[-4:]}"
    return f"{area}-****{local[-4:]}" + ("-***" if extension else "")


def holds_identity_number(text: str) -> bool:
    """Whether there is a 15- or 18-character identity number in the text (GB 11643), blanks and hyphens apart."""
    return bool(IDENTITY_NUMBER.search(_joined(text)))


def holds_mobile_number(text: str) -> bool:
    """Whether there is a mobile number in the text."""
    return bool(MOBILE_ANYWHERE.search(_joined(text)))


def _joined(text: str) -> str:
    return re.sub(r"(?<=\d)[\s-]+(?=[\dXx])", "", unicodedata.normalize("NFKC", text))
