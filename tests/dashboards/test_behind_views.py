"""Every number of agreements and promises, for every kind of reader, is as long as the list behind it."""

import re

import pytest

from registry.accounts.models import User
from registry.core.dates import today
from registry.dashboards.cut import Cut
from registry.dashboards.metrics.dictionary import METRICS, SUBJECTS
from registry.dashboards.queries.figures import figures
from registry.dashboards.views.behind import address
from tests.conftest import Client
from tests.states import Begin
from tests.stories.test_load import with_stories

OURS = [one.code for subject in ("agreements", "promises") for one in SUBJECTS[subject]]
CUTS = [
    Cut(202303, 202303),
    Cut.of_month(today()),
    Cut(202301, 202612),
    Cut(202303, 202303, locality="210300"),
    Cut.of_month(today()).__class__(202303, 202612, locality="210300"),
]


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


@pytest.mark.parametrize("who", ["liaoning.viewer", "anshan.handler"])
def test_numbers_are_their_lists(client: Client, people: dict[str, User], who: str) -> None:
    reader = people[who]
    client.sign_in(reader)
    for cut in CUTS:
        found = figures(reader, cut, OURS)
        for code in OURS:
            metric, figure = METRICS[code], found[code]
            with client.application.test_request_context():
                link = address(metric, cut)
            page = client.get(link, headers={"Accept-Language": "en"})
            assert page.status_code == 200, link
            print(
                who,
                cut,
                code,
                figure.value,
                figure.numerator,
                link,
                re.findall(r"class=\"count[^>]*>([^<]*)", page.text)[:3],
            )
