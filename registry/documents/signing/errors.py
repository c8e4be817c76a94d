"""What can go wrong with keys and time stamps, for the reader."""

from ...core.errors import Conflict, Unavailable
from ...core.i18n import msg


class NoSigningKey(Conflict):
    """There is no certificate to sign with, or its key cannot be used; the message says why."""

    title = msg("The registry has no signing certificate; the administrator must install one")


class NoTimeStamp(Unavailable):
    """The time-stamp authority gave nothing usable; the message says what it did. Trying again may help."""

    title = msg("The time-stamp authority does not answer; please try again later")
