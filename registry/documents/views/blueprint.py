"""The blueprint of the certificates' pages."""

from flask import Blueprint

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")
