"""The blueprints that every page here adds to: one for each line of the menu."""

from flask import Blueprint

blueprint = Blueprint("organisations", __name__)
regions_blueprint = Blueprint("regions", __name__)
workdays_blueprint = Blueprint("workdays", __name__)
