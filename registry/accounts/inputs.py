"""What comes in from outside, checked for form. 输入."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Credentials:
    """An account and its password."""

    account: str
    password: str
