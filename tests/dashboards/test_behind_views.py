"""Every number of agreements and promises, for every kind of reader, is as long as the list behind it."""

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.agreements import queries as agreements
from registry.agreements.views import browse
from registry.commitments.queries import seen
from registry.commitments.views.seen import asked
from registry.core.dates import today
from registry.dashboards.cut import Cut
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.metrics.dictionary import METRICS, SUBJECTS
from registry.dashboards.queries.figures import figures, reached
from registry.dashboards.views import metrics
from registry.dashboards.views.behind import address
from tests.conftest import Client
from tests.states import Begin
from tests.stories.test_load import with_stories

OURS = [one.code for subject in ("agreements", "promises") for one in SUBJECTS[subject]]
CUTS = [Cut(202303, 202303), Cut(202301, today().year * 100 + 12), Cut(202303, 202303, locality="210300")]
MOST = 1_000
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


@pytest.mark.parametrize("who", ["liaoning.viewer", "anshan.handler"])
def test_numbers_are_their_lists(app: Flask, people: dict[str, User], who: str) -> None:
    reader = people[who]
    for cut in CUTS:
        found = figures(reader, cut, OURS)
        lengths = {code: length(app, reader, link_of(app, code, cut)) for code in OURS}
        assert {code: METRICS[code].length_of(found[code]) for code in OURS} == lengths, cut


def link_of(app: Flask, code: M, cut: Cut) -> str:
    with app.test_request_context():
        link = address(METRICS[code], cut)
    assert link
    return link


def length(app: Flask, reader: User, link: str) -> int:
    """How many rows the page at an address has, by the filter that it reads from there."""
    with app.test_request_context(link):
        if link.startswith("/agreements?"):
            return agreements.count_visible(reader, browse.filter_from_address(), MOST)
        if link.startswith("/commitments/seen?"):
            return seen.count(reader, asked(), MOST)
        code, cut = metrics.asked()
        return len(reached(reader, cut, code))


def test_the_lists_say_so(client: Client, people: dict[str, User]) -> None:
    """The pages themselves, once."""
    client.sign_in(people["liaoning.viewer"])
    march = CUTS[0]
    for code, words in (
        (M.AGREEMENTS_SIGNED, "<h2>16 in total</h2>"),
        (M.PROMISES_DUE, "<h2>0 in total</h2>"),
        (M.LOCALITIES_COVERED, "15 / 15"),
    ):
        page = client.get(link_of(client.application, code, march), headers=ENGLISH)
        assert words in page.text, code


@pytest.mark.parametrize(
    ("given", "said", "count"),
    [
        ("months=202303-202303", "Signed: In 2023-03", 16),
        ("months=202301-202312", "Signed: 2023-01 to 2023-12", 16),
        ("months=-202303", "Signed: Until 2023-03", 16),
        ("months=202304-", "Signed: Since 2023-04", 0),
        ("signed_from=2023-03", "Signed: In 2023-03", 16),  # as addresses were written before
        ("signed_from=2023-04&signed_to=2023-06", "Signed: 2023-04 to 2023-06", 0),
        ("months=202313-202313", "", 17),
        ("signed_from=2023-3-1", "", 17),
        ("signed_from=2023-1-1", "", 17),  # no month, and not November either
    ],
)
def test_months_of_signing_are_written_as_everywhere(
    client: Client, people: dict[str, User], given: str, said: str, count: int
) -> None:
    page = client.sign_in(people["liaoning.viewer"]).get(f"/agreements?{given}", headers=ENGLISH).text
    assert f"<h2>{count} in total</h2>" in page
    assert said in page if said else "Signed: " not in page


def test_the_dictionary_says_every_metric(client: Client, people: dict[str, User]) -> None:
    page = client.sign_in(people["liaoning.viewer"]).get("/metrics", headers=ENGLISH)
    assert page.status_code == 200
    for code, metric in METRICS.items():
        assert f'id="{code}"' in page.text
        assert metric.formula.english in page.text.replace("&#39;", "'"), code


@pytest.mark.parametrize("address", ["/metrics", "/coverage"])
def test_nobody_reads_signed_out(client: Client, address: str) -> None:
    assert client.get(address).status_code == 303


@pytest.mark.parametrize("given", ["code=lights_red", "code=x", "university=x"])
def test_what_is_no_coverage_is_not_found(client: Client, people: dict[str, User], given: str) -> None:
    assert client.sign_in(people["liaoning.viewer"]).get(f"/coverage?{given}").status_code == 404
