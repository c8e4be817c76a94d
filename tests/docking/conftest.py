"""One pipeline for the tests of this folder."""

import pytest
from flask import Flask

from registry.core.db import transaction
from tests.states import Begin

from .pipeline import Pipeline, make_pipeline


def _made() -> Pipeline:
    with transaction():
        return make_pipeline()


@pytest.fixture
def line(app: Flask, begin_with: Begin) -> Pipeline:
    """An enterprise, a university and a bureau."""
    return begin_with(_made)
