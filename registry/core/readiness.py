"""What has to be well before the registry is ready to work; each package adds its own checks. 就绪检查."""

from collections.abc import Callable

Check = Callable[[], bool]
_checks: dict[str, Check] = {}


def ready_when(name: str) -> Callable[[Check], Check]:
    """Mark a function that says whether something is well; an exception means that it is not."""

    def mark(check: Check) -> Check:
        _checks[name] = check
        return check

    return mark


def checks() -> dict[str, Check]:
    """All checks by name."""
    return dict(_checks)
