"""What the scripts say: handed over with the page, since scripts have no catalogue of their own. 脚本文案."""

from functools import cache

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from ..i18n import say as _
from ..i18n import tongue


def script_texts() -> Markup:
    """All of them as JSON, for an attribute between apostrophes."""
    return _written(tongue())


@cache
def _written(_tongue: str) -> Markup:
    return htmlsafe_json_dumps(_texts(), ensure_ascii=False, separators=(",", ":"))


def _texts() -> dict[str, str]:
    """Key → sentence; places in braces are filled by the script."""
    return {
        "openList": _("Show all"),
        "noMatch": _("Nothing found"),
        "searchFailed": _("The list could not be loaded; check the connection and try again"),
        "matches": _("{count} found"),
        "calendar": _("Choose in a calendar"),
        "unsaved": _("What you entered has not been saved. Leave this page?"),
        "notSaved": _("Not saved yet"),
        "savedHere": _("Kept on this computer at {time}"),
        "savedThere": _("Draft saved at {time}"),
        "saveFailed": _("The draft could not be saved; what you typed is kept on this computer"),
        "found": _("There is an unfinished entry from {time} on this computer."),
        "restore": _("Fill it in"),
        "discard": _("Discard"),
        "sending": _("Sending…"),
        "dropFiles": _("Drop files here, or choose them below"),
        "attachWaiting": _("waits"),
        "attachSending": _("Sending file {number} of {all}: {file}"),
        "attachChecking": _("being checked"),
        "attachAdded": _("attached"),
        "attachDone": _("Files attached: {added} of {all}"),
        "attachTooMany": _("At most {most} files at once"),
        "attachTooLarge": _("At most {most} MB a file"),
        "attachFailed": _("It could not be sent; check the connection, reload the page and try again"),
    }
