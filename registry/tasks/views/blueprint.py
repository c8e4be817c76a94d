"""Their own line in the menu."""

from flask import Blueprint

blueprint = Blueprint("tasks", __name__)
