"""What a password has to be, by profile, all that is unmet told together. 口令规则.

`asvs`: OWASP ASVS 5.0, 6.2 (length and a blocklist, no classes, no forced age). `dengbao3` adds what inspectors of
GB/T 22239-2019, level 3, 8.1.4.1, ask for: classes, 90 days' age, no return of the last five.
"""

import string
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from ..core.i18n import Message, msg
from .passwords import is_right

SHORTEST, LONGEST = 12, 128
CLASSES = 3
DIFFERENT = 5
OLDEST = timedelta(days=90)
REMEMBERED = 5
DENGBAO3 = "dengbao3"
COMMON = Path(__file__).with_name("common_passwords.txt")
LOOKALIKES = str.maketrans({"@": "a", "0": "o", "$": "s", "!": "i"})


def unmet(password: str, account: str, profile: str) -> list[Message]:
    """Every rule of the profile that the password breaks."""
    checks = {
        msg("Use at least %(count)s characters", count=SHORTEST): len(password) >= SHORTEST,
        msg("Do not use the account name in it"): account.casefold() not in password.casefold(),
        msg("Use at least %(count)s different characters", count=DIFFERENT): len(set(password)) >= DIFFERENT,
        msg("This password is too common; others try it first"): not is_common(password),
        msg("Use three of: lower case, upper case, digits, other characters"): (
            profile != DENGBAO3 or classes(password) >= CLASSES
        ),
    }
    return [message for message, is_met in checks.items() if not is_met]


def classes(password: str) -> int:
    """How many kinds of character it has: lower case, upper case, digits, everything else."""
    kinds = (str.islower, str.isupper, str.isdigit)
    found = {next((number for number, kind in enumerate(kinds) if kind(one)), len(kinds)) for one in password}
    return len(found)


def is_common(password: str) -> bool:
    """Whether it is on the list, or a word of the list with digits and signs around it (Password2026!)."""
    plain = password.casefold()
    around = string.digits + string.punctuation + " "
    bare = {plain, plain.strip(around), plain.translate(LOOKALIKES), plain.strip(around).translate(LOOKALIKES)}
    bare |= {form.strip(around) for form in bare}
    return bool(bare & common())


@cache
def common() -> frozenset[str]:
    """The list, in lower case."""
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def was_used(password: str, former_hashes: Iterable[str], profile: str) -> bool:
    """Whether it is one of the last five, the present one included. Slow: a hash each."""
    return profile == DENGBAO3 and any(is_right(password, stored) for stored in former_hashes)


def is_too_old(changed_at: datetime | None, moment: datetime, profile: str) -> bool:
    """Whether the profile wants a new password by now."""
    return profile == DENGBAO3 and changed_at is not None and moment - changed_at > OLDEST
