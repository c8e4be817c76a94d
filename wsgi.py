"""The application, for every server and for the flask command."""

from registry.app import create_app
from registry.core.config import BadSetting

try:
    app = create_app()
except BadSetting as error:
    raise SystemExit(f"The registry does not start: {error}") from None
