"""The running application's settings, for code that must not know flask. 当前实例.

Found by the application's engine, so that two applications in one process keep theirs apart.
"""

from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from .config import Settings
from .db import db

_settings: WeakKeyDictionary[Engine, Settings] = WeakKeyDictionary()


def configure(given: Settings) -> None:
    """Remember the settings of the application whose context is open."""
    _settings[db.engine] = given


def settings() -> Settings:
    """Settings of the application whose context is open."""
    return _settings[db.engine]
