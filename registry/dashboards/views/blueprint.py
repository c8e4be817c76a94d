"""The blueprint of the first screen and of figures."""

from flask import Blueprint

blueprint = Blueprint("dashboards", __name__)
