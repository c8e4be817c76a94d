"""The blueprint that every page here adds to."""

from flask import Blueprint

blueprint = Blueprint("agreements", __name__)
