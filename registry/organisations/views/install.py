"""Gives the pages to the application. Each module registers its views when it is imported."""

from flask import Flask

from .. import recount
from . import changes, closing, contacts, directory, merging, names, picker, regions, ties, workdays
from .blueprint import blueprint, regions_blueprint, workdays_blueprint
from .display import FILTERS, GLOBALS

HANDLERS = (recount,)  # imported so that the worker knows it
VIEW_MODULES = (directory, changes, names, merging, closing, ties, contacts, picker, regions, workdays)


def install(app: Flask) -> None:
    """Register the pages and what templates call."""
    app.register_blueprint(blueprint)
    app.register_blueprint(regions_blueprint)
    app.register_blueprint(workdays_blueprint)
    app.jinja_env.filters |= FILTERS
    app.jinja_env.globals |= GLOBALS
