"""Unified social credit codes (统一社会信用代码, GB 32100-2015): 17 characters and a check character."""

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, Z, S, V: they look like digits
BODY = 17
MODULUS = len(ALPHABET)
WEIGHTS = tuple(pow(3, place, MODULUS) for place in range(BODY))


def normalise(text: str) -> str:
    """Upper case, without blanks and hyphens, full-width characters made narrow."""
    return "".join(unicodedata.normalize("NFKC", text).upper().replace("-", "").split())


def check_character(body: str) -> str:
    """The 18th character for the first 17; raises ValueError for a character outside the alphabet."""
    total = sum(weight * ALPHABET.index(character) for weight, character in zip(WEIGHTS, body, strict=True))
    return ALPHABET[-total % MODULUS]


def is_valid(code: str) -> bool:
    """Whether a normalised code has the right length, alphabet and check character."""
    if len(code) != BODY + 1 or any(character not in ALPHABET for character in code):
        return False
    return check_character(code[:BODY]) == code[BODY]
