"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("mechanisms", __name__)
