"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("workstations", __name__)
