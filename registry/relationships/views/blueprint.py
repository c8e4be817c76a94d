"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("relationships", __name__)
