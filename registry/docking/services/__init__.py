"""What is done with docking cases. 企业对接办理。"""

from .cases import KIND, edit, enter, link, unlink
from .moves import advance, correct, lose, plan, reopen, skip
from .reminders import remind_of_stuck

__all__ = [
    "KIND",
    "advance",
    "correct",
    "edit",
    "enter",
    "link",
    "lose",
    "plan",
    "remind_of_stuck",
    "reopen",
    "skip",
    "unlink",
]
