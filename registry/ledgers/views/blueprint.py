"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("ledgers", __name__)
