"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("visits", __name__)
