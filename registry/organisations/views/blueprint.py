"""The blueprints that every page here adds to: one for organisations, one for regions, as the menu shows them."""

from flask import Blueprint

blueprint = Blueprint("organisations", __name__)
regions_blueprint = Blueprint("regions", __name__)
