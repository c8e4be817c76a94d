"""Chinese numerals: capitals for copies and parties, ordinals of parties. 中文数字。"""

CAPITALS = "零壹贰叁肆伍陆柒捌玖"
PLAIN = "零一二三四五六七八九"
STEMS = "甲乙丙丁"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def capital(number: int) -> str:
    """1 → 壹, 12 → 拾贰, 24 → 贰拾肆: the numerals of copies and parties.

    Raises ValueError outside 0–99; no agreement has more copies.
    """
    return _spell(number, CAPITALS, "拾")


def plain(number: int) -> str:
    """5 → 五, 12 → 十二.

    Raises ValueError outside 0–99.
    """
    return _spell(number, PLAIN, "十")


def _spell(number: int, digits: str, ten: str) -> str:
    if not 0 <= number <= 99:
        raise ValueError(f"{number} is outside 0–99")
    tens, ones = divmod(number, 10)
    if tens == 0:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + ten + (digits[ones] if ones else "")


def party_zh(position: int) -> str:
    """甲方, 乙方, 丙方, 丁方, and from the fifth on 第五方: what papers call their parties; a form may count on."""
    if position <= len(STEMS):
        return f"{STEMS[position - 1]}方"
    return f"第{plain(position) if position <= 99 else position}方"


def letter(position: int) -> str:
    """A for the first party, Z for the 26th, then P27: the code of a party in the table of commitments."""
    return LETTERS[position - 1] if position <= len(LETTERS) else f"P{position}"
