"""The first screen, the to-do list and the overview share a blueprint."""

from flask import Blueprint

blueprint = Blueprint("dashboards", __name__)
