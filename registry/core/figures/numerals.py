"""Numbers as they are written in Chinese papers: 1,637, 6.24万, 三百二十. 数字写法."""

import re
from decimal import Decimal

from .kinds import Number, neat

POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
# 大写 (GB/T 15835 and accounting) and what else means the same.
SAME = str.maketrans("〇壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億", "零一二二三三四五六六七八九十百千万亿")
DIGIT = "[一二两三四五六七八九]"
# A missing place needs its 零: 一百零二 is 102, and 一百二 is left to the person, who may mean 120.
SECTION = (
    rf"(?:{DIGIT}千(?:{DIGIT}百(?:{DIGIT}十{DIGIT}?|零{DIGIT})?|零(?:{DIGIT}十{DIGIT}?|{DIGIT}))?"
    rf"|{DIGIT}百(?:{DIGIT}十{DIGIT}?|零{DIGIT})?|{DIGIT}?十{DIGIT}?|{DIGIT})"
)
CHINESE = re.compile(rf"(?:(?P<high>{SECTION})亿)?零?(?:(?P<middle>{SECTION})万)?零?(?P<low>{SECTION})?")
ARABIC = re.compile(r"(0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(\.[0-9]+)?([十百千]?[万亿]?)")
BARE = re.compile(r"[十百千]?万?亿?")
SIGNS = "零一二两三四五六七八九十百千万亿"
NUMERAL = re.compile(rf"[0-9{SIGNS}](?:[0-9.,{SIGNS} ]*[0-9{SIGNS}])?")
ENGLISH = re.compile(r"(an?|one|[0-9]+(?:\.[0-9]+)?) (hundred|thousand|million)")
ENGLISH_POWERS = {"hundred": 100, "thousand": 1000, "million": 10**6}


def written_number(text: str) -> tuple[Number, bool] | None:
    """The number and whether its writing rounds it (6.24万); None where it cannot be read in one way only.

    The text has no signs or units any more.
    """
    if match := ARABIC.fullmatch(text):
        whole, part, power = match.groups()
        return neat(Decimal(whole.replace(",", "") + (part or "")) * times(power)), bool(power)
    if match := ENGLISH.fullmatch(text):
        count = Decimal(1) if match[1] in ("a", "an", "one") else Decimal(match[1])
        return neat(count * ENGLISH_POWERS[match[2]]), True
    return _chinese(text)


def times(power: str) -> int:
    """十万 → 100,000."""
    product = 1
    for sign in power:
        product *= POWERS[sign]
    return product


def is_bare(text: str) -> bool:
    """Whether it is a power without a numeral, 百 or 千万, which may be a figure of speech."""
    return bool(text) and bool(BARE.fullmatch(text)) and not text.startswith("十")


def looks_like_number(text: str) -> bool:
    """Whether it is made of digits only, though perhaps in no proper order."""
    return bool(NUMERAL.fullmatch(text)) and text.count(".") < 2


def _chinese(text: str) -> tuple[Number, bool] | None:
    if text == "零":
        return 0, False
    if text and BARE.fullmatch(text):
        return times(text), text != "十"
    match = CHINESE.fullmatch(text)
    if not match or not text or text[0] == "零" or text[-1] == "零":
        return None
    high, middle, low = (match.span(name) for name in ("high", "middle", "low"))
    if not all(_joined(text, start, end) for start, end in (middle, low)):
        return None
    value = _section(text[slice(*high)] if high[0] >= 0 else "") * POWERS["亿"]
    value += _section(text[slice(*middle)] if middle[0] >= 0 else "") * POWERS["万"]
    return value + _section(text[slice(*low)] if low[0] >= 0 else ""), text[-1] in "万亿"


def _joined(text: str, start: int, end: int) -> bool:
    """一万二 may be 12,000, and 一万零二 is not: what follows a power names its thousands or has its 零."""
    return start <= 0 or text[start - 1] == "零" or "千" in text[start:end]


def _section(text: str) -> int:
    total, digit = 0, 1
    for sign in text:
        if sign in POWERS:
            total += digit * POWERS[sign]
            digit = 1
        else:
            digit = DIGITS[sign]
    return total + digit if text and text[-1] not in POWERS else total
