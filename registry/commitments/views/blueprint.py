"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("commitments", __name__)
