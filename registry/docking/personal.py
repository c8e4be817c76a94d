"""Numbers that look like a person's: placements are counts, nobody is named here. Pure. 个人信息提示."""

import re
import unicodedata

from ..core.i18n import Message, msg

LOOKS_PERSONAL = re.compile(
    r"(?<!\d)("
    r"\d{11}"  # a mobile number
    r"|\d{17}[\dXx]"  # an identity number
    r"|1[3-9]\d[ -]\d{4}[ -]\d{4}"
    r"|0\d{2,3}[ -]?\d{7,8}"  # a telephone with its area code
    r"|\d{6}[ -]\d{8}[ -]\d{3}[\dXx]"
    r")(?!\d)"
)


def personal_number(text: str) -> Message | None:
    """The refusal where a text holds 11 or 18 digits like a telephone or identity number, full-width ones too."""
    found = LOOKS_PERSONAL.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    return msg(
        "“%(start)s…” looks like a telephone or identity number. Only numbers of people are entered here, never "
        "students' names or data; work contacts belong to the contacts of their organisation",
        start=found[0][:3],
    )
