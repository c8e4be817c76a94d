"""The demonstration, made once for all tests of this folder that look at it."""

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.agreements.models import Agreement, AgreementStatus
from registry.core.db import transaction
from registry.demo.people import make_people
from registry.demo.states import enter_states
from registry.demo.stories import enter_stories
from registry.documents.authority import make_development_authority
from registry.documents.services import issue_where_missing
from registry.organisations.services.reference import load_reference
from tests.states import Begin


def reference_and_people() -> dict[str, User]:
    """Reference data and the demonstration's people."""
    with transaction():
        load_reference()
    return make_people()


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    """Reference data and the demonstration's people."""
    return begin_with(reference_and_people)


@pytest.fixture
def stories(people: dict[str, User]) -> list[Agreement]:
    """The two agreements of the news."""
    return enter_stories(people)


@pytest.fixture
def states(app: Flask, people: dict[str, User], fonts: object) -> dict[AgreementStatus, Agreement]:
    """One agreement in each state."""
    make_development_authority(app.extensions["settings"].instance / "keys")
    with transaction():
        issue_where_missing()
    return enter_states(people)
