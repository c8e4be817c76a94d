"""The blueprint of everybody's own pages: sign-in, account, sessions."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
