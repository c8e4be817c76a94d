"""The first screen, the to-do list and the overview share a blueprint."""
"""The blueprint of the first screen and of figures."""

from flask import Blueprint

blueprint = Blueprint("dashboards", __name__)
