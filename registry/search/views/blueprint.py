"""Pages of the search."""

from flask import Blueprint

blueprint = Blueprint("search", __name__)
