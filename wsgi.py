"""The application, for every server and for the flask command."""

import gc

from registry.app import create_app
from registry.core.config import BadSetting

try:
    app = create_app()
except BadSetting as error:
    raise SystemExit(f"The registry does not start: {error}") from None

# What a start loads stays until the end: looking through it for garbage took a third of the time of long imports.
gc.collect()
gc.freeze()
