"""Errors that people see, each with its HTTP status; turned into a page or problem+json in one place (core.web)."""

from collections.abc import Mapping, Sequence

from .i18n import Message, msg


class RegistryError(Exception):
    """Base: a status and a message for the reader."""

    status = 500
    title = msg("Something went wrong")
    is_final = False  # whether a job that met it need not be tried again

    def __init__(self, message: Message | None = None) -> None:
        super().__init__(message)
        self.message = message or self.title


class NotFound(RegistryError):
    """Absent, or outside the reader's scope: both look alike."""

    status = 404
    title = msg("This page or record does not exist, or is outside your scope")


class Forbidden(RegistryError):
    """The reader may see it but not do this; the message says why."""

    status = 403
    title = msg("You may not do this")


class Conflict(RegistryError):
    """The state of things does not allow it now."""

    status = 409
    title = msg("This is not possible in the present state")


class Stale(Conflict):
    """Somebody else saved first: says who, when and which fields."""

    title = msg("Somebody else saved this record first")

    def __init__(self, message: Message | None = None, changes: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.changes = changes


class Unmet(Conflict):
    """Conditions of a step that are not met: all of them together."""

    title = msg("Some conditions are not met yet")

    def __init__(self, reasons: Sequence[Message]) -> None:
        super().__init__(self.title)
        self.reasons = tuple(reasons)


class Invalid(RegistryError):
    """Input that cannot be taken: messages by field ('' for the whole)."""

    status = 422
    title = msg("Please correct the marked fields")

    def __init__(self, fields: Mapping[str, Sequence[Message | str]]) -> None:
        super().__init__(self.title)
        self.fields = {name: list(messages) for name, messages in fields.items()}


class TooMany(RegistryError):
    """Asked too often; try again later."""

    status = 429
    title = msg("Too many attempts; please wait and try again")

    def __init__(self, message: Message | None = None, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(RegistryError):
    """The database or the disk does not answer now; nothing was lost."""

    status = 503
    title = msg("The registry cannot be reached at the moment; nothing was saved")
