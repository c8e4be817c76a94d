"""Files of a chart, as the page of the style guide hands them out."""

import csv
import io

import pytest
from lxml import etree

from registry.dashboards.charts import store
from tests.conftest import Client

PAGE = "/styleguide/charts"


def test_a_picture_that_was_not_drawn_comes_as_an_image_and_is_in_the_page_afterwards(client: Client) -> None:
    first = client.get(PAGE, headers={"Accept-Language": "zh"}).text
    assert '<img src="/styleguide/charts/funnel.svg?auto=1"' in first
    assert "<svg xmlns" not in first
    assert client.get(f"{PAGE}/funnel.svg", headers={"Accept-Language": "zh"}).status_code == 200
    again = client.get(PAGE, headers={"Accept-Language": "zh"}).text
    assert "/styleguide/charts/funnel.svg?save=1" in again
    assert '<img src="/styleguide/charts/funnel.svg?auto=1"' not in again
    assert again.count('class="chart-picture"') == 1
    assert "412" in first  # the table is there at once


def test_the_page_draws_nothing_itself(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_ask", lambda *_: pytest.fail("drawn while the page waited"))
    assert client.get(PAGE).status_code == 200


def test_the_address_of_a_file_keeps_the_filter_of_the_page(client: Client) -> None:
    text = client.get(f"{PAGE}?period=year&_scheme=javascript&_external=1").text
    assert "/styleguide/charts/trend.png?period=year&amp;_scheme=javascript&amp;_external=1&amp;save=1" in text


def test_svg_and_png_are_pictures_of_their_own(client: Client) -> None:
    picture = client.get(f"{PAGE}/trend.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "attachment" not in picture.headers["Content-Disposition"]
    saved = client.get(f"{PAGE}/trend.svg?save=1")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert "2026-11-22" in "".join(etree.fromstring(saved.data).itertext())
    assert client.get(f"{PAGE}/trend.png?save=1").data.startswith(b"\x89PNG")


def test_a_phone_gets_a_narrow_one(client: Client) -> None:
    wide, narrow = (etree.fromstring(client.get(f"{PAGE}/trend.svg{size}").data) for size in ("", "?size=narrow"))
    assert (wide.get("width"), narrow.get("width")) == ("584", "350")


def test_the_csv_has_numbers_and_nothing_where_nobody_reported(client: Client) -> None:
    answer = client.get(f"{PAGE}/trend.csv", headers={"Accept-Language": "en"})
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["Month", "New agreements", "Visits"]
    assert rows[-1] == ["26-11", "4", ""]


def test_a_name_that_means_harm_is_only_a_name(client: Client) -> None:
    rows = client.get(f"{PAGE}/places.csv").data.decode("utf-8-sig")
    assert "<script>alert" in rows
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert "javascript:alert" not in page


def test_what_was_seen_is_not_sent_again(client: Client) -> None:
    first = client.get(f"{PAGE}/funnel.svg")
    assert first.headers["Cache-Control"] == "no-cache, private"
    again = client.get(f"{PAGE}/funnel.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["nothing.svg", "trend.pdf", "trend.html", "..%2ftrend.svg"])
def test_other_names_and_forms_are_not_found(client: Client, name: str) -> None:
    assert client.get(f"{PAGE}/{name}").status_code == 404


def test_a_picture_that_cannot_be_drawn_is_told_as_such(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "DRAWER", "registry.no_such_module")
    assert client.get(f"{PAGE}/trend.svg").status_code == 503
    assert client.get(f"{PAGE}/trend.csv").status_code == 200
