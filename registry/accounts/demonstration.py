"""People of the demonstration exist in demo mode only: their passwords are printed for everybody. 演示账户."""

from ..core.config import BadSetting, Settings
from ..core.instance import settings
from ..core.readiness import ready_when
from . import queries


def refuse_outside_demo_mode(given: Settings) -> None:
    """Called where the registry starts to serve.

    Raises BadSetting when demo accounts exist and demo mode is off. (Sign-in refuses them in any case.)
    """
    if not given.demo and queries.is_demo_inhabited():
        raise BadSetting(
            "The database holds demo accounts, whose passwords everybody knows. Use a database of its own, "
            "or set REGISTRY_DEMO=1 for a demonstration."
        )


@ready_when("no demo accounts")
def are_absent() -> bool:
    """Whether no demo accounts exist, outside demo mode."""
    return settings().demo or not queries.is_demo_inhabited()
