"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("docking", __name__)
