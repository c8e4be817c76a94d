"""Registers the pages of accounts and of the auditor, and who is asking."""

from flask import Flask

from .. import housekeeping, loader
from ..services import reorganising
from . import absences, audit, jobs, own, roles, second_factor, sign_in, users
from .blueprint import blueprint

BLUEPRINTS = (blueprint, users.blueprint, roles.blueprint, audit.blueprint, jobs.blueprint, absences.blueprint)
DAILY = (housekeeping,)  # imported so that the daily run knows it
MERGES = (reorganising,)  # imported so that people follow their organisation into another record
PAGES = (sign_in, own, second_factor)  # their views hang on the common blueprint


def install(app: Flask) -> None:
    """Register the pages and the user loader."""
    for one in BLUEPRINTS:
        app.register_blueprint(one)
    loader.install(app)
