"""The blueprint, apart so that modules of pages can share it."""

from flask import Blueprint

blueprint = Blueprint("reminders", __name__)
