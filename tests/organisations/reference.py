"""The reference data as a state to begin with."""

from registry.core.db import transaction
from registry.organisations.services.reference import load_reference


def reference() -> None:
    """All of the reference data, committed."""
    with transaction():
        load_reference()
