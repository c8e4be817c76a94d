"""Pages of a text in the browser: editions, pictures, download; nobody else's, and plain words where they fail."""

from pathlib import Path

import pytest

from registry.agreements.inputs import ArticleText
from registry.agreements.models import Agreement
from registry.audit.queries import history_of
from registry.core.access.actions import Action
from registry.core.db import transaction
from registry.documents import previews
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side
from tests.conftest import Client
from tests.states import Begin

PNG, PDF = b"\x89PNG", b"%PDF"
OWN_TEXT = (ArticleText("1", "第一条　宗旨", "双方在{{sign_place}}合作。"),)


def address_of(agreement: Agreement) -> str:
    return f"/agreements/{agreement.public_id}/pages"


def peopled() -> tuple[Scene, str]:
    with transaction():
        return make_scene(), ""


def drafted() -> tuple[Scene, str]:
    """A scene, and the address of the pages of a draft in it."""
    with transaction():
        scene = make_scene()
        return scene, address_of(scene.draft())


@pytest.fixture
def begun(begin_with: Begin, request: pytest.FixtureRequest, fonts: Path) -> tuple[Scene, str]:
    """The scene, with a draft where the test asks for it."""
    return begin_with(drafted if "draft" in request.fixturenames else peopled)


@pytest.fixture
def scene(begun: tuple[Scene, str]) -> Scene:
    return begun[0]


@pytest.fixture
def draft(begun: tuple[Scene, str]) -> str:
    """The address of a draft's pages."""
    return begun[1]


@pytest.mark.parametrize("edition", ["zh", "en", "both"])
def test_a_draft_shows_its_pages_in_each_edition(scene: Scene, client: Client, draft: str, edition: str) -> None:
    page = client.sign_in(scene.bureau.handler).get(f"{draft}?edition={edition}")
    assert page.status_code == 200
    assert "草稿预览，不供签署" in page.text
    assert f"{draft}/{edition}/1.png" in page.text
    picture = client.get(f"{draft}/{edition}/1.png")
    assert picture.mimetype == "image/png"
    assert picture.data.startswith(PNG)


def test_the_page_and_its_pictures_render_once(
    scene: Scene, client: Client, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = previews._make

    def counted(digest: str, pdf: bytes) -> previews.Preview:
        made.append(digest)
        return make(digest, pdf)

    monkeypatch.setattr(previews, "_shelf", previews.Shelf(previews.MOST_BYTES))
    monkeypatch.setattr(previews, "_make", counted)
    client.sign_in(scene.bureau.handler)
    for path in (draft, f"{draft}/zh/1.png", f"{draft}/zh/2.png", draft):
        assert client.get(path).status_code == 200
    assert len(made) == 1


def test_pages_that_there_are_not(scene: Scene, client: Client, draft: str) -> None:
    client.sign_in(scene.bureau.handler)
    for path in (f"{draft}/zh/0.png", f"{draft}/zh/99.png", f"{draft}/fr/1.png", f"{draft}?edition=fr"):
        assert client.get(path).status_code == 404


def test_foreign_agreements_have_no_pages(scene: Scene, client: Client, draft: str) -> None:
    with transaction():
        stranger = make_side("本溪市人力资源和社会保障局", OrganisationKind.HR_BUREAU)
    client.sign_in(stranger.handler)
    for path in (draft, f"{draft}/zh/1.png", f"{draft}/zh.pdf"):
        assert client.get(path).status_code == 404


def test_the_download_is_an_event(scene: Scene, client: Client, draft: str) -> None:
    answer = client.sign_in(scene.bureau.handler).get(f"{draft}/both.pdf")
    assert answer.data.startswith(PDF)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    newest = history_of("agreement", draft.split("/")[2], 1)[0]
    assert newest.action == Action.AGREEMENT_DOWNLOAD


def test_blanks_are_shown_as_blanks(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.draft(variables={}, signing_place="")
    page = client.sign_in(scene.bureau.handler).get(address_of(agreement))
    assert page.status_code == 200
    assert "/zh/1.png" in page.text


def test_a_text_without_english_offers_none(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.draft(template="", articles=OWN_TEXT)
    page = client.sign_in(scene.bureau.handler).get(address_of(agreement))
    assert "中英对照" not in page.text
    assert client.get(f"{address_of(agreement)}?edition=en").status_code == 404


def test_a_character_that_no_font_has_is_named(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.draft(title_zh="关于𬎆的协议")
    page = client.sign_in(scene.bureau.handler).get(address_of(agreement))
    assert page.status_code == 200
    assert "𬎆" in page.text
    assert "页面未能生成" in page.text
    assert "<img" not in page.text.split("<main")[1]
    assert client.get(f"{address_of(agreement)}/zh/1.png").status_code == 404


def test_once_it_is_signed_the_copy_is_for_reading(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.signing()
    page = client.sign_in(scene.university.handler).get(address_of(agreement))
    assert "阅读件，不供签署" in page.text


def test_draft_and_record_lead_there(scene: Scene, client: Client, draft: str) -> None:
    client.sign_in(scene.bureau.handler)
    for place in ("", "/edit"):
        assert f'href="{draft}"' in client.get(draft.removesuffix("/pages") + place).text
