"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("bases", __name__)
