"""Gives the pages to the application, and the jobs to the worker."""

from flask import Flask

from ...accounts import event_labels
from ...core.i18n import msg
from .. import jobs
from ..enums import BatchState
from . import browse, files, imports, lists
from .blueprint import blueprint

MODULES = (browse, files, imports, jobs, lists)  # imported so that views and handlers are registered


def install(app: Flask) -> None:
    """Register the pages and the words of the audit."""
    app.register_blueprint(blueprint)
    event_labels.learn(
        types={"importbatch": msg("Import of a ledger")},
        fields={
            "ledger": msg("Ledger"),
            "mapping": msg("Columns"),
            "organisations": msg("Organisations"),
            "rows": msg("Rows"),
            "records": msg("Records entered"),
        },
        values={"state": {str(one): one.label for one in BatchState}},
        actions={jobs.ENTERED: msg("Rows of a ledger entered"), lists.EXPORTED: msg("Export the directory")},
    )
