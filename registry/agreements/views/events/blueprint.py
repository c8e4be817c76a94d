"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("events", __name__)
