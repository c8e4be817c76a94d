"""Scans find their agreement by the codes on their pages; files that were sealed elsewhere are labelled as such."""

from collections.abc import Sequence

import pytest

from registry.accounts.models import User
from registry.agreements.models import Agreement
from registry.agreements.scan_words import about_pages, ranges
from registry.agreements.services import clearance, scans
from registry.core.db import transaction
from registry.core.errors import Invalid
from registry.core.i18n import Message
from registry.core.instance import settings
from registry.documents.scans import Outline, PageCode
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side
from tests.states import Begin

OUTLINE = Outline(5, {"Party-1": 5, "Party-2": 5})


def peopled() -> Scene:
    with transaction():
        return make_scene()


def signing() -> tuple[Scene, Agreement]:
    """Being signed."""
    with transaction():
        scene = make_scene()
        return scene, scene.signing()


@pytest.fixture
def begun(begin_with: Begin, request: pytest.FixtureRequest) -> tuple[Scene, Agreement | None]:
    """With an agreement where the test asks for one."""
    return begin_with(signing) if "signed_by_hand" in request.fixturenames else (begin_with(peopled), None)


@pytest.fixture
def scene(begun: tuple[Scene, Agreement | None]) -> Scene:
    return begun[0]


@pytest.fixture
def signed_by_hand(begun: tuple[Scene, Agreement | None]) -> Agreement:
    """Being signed."""
    assert begun[1]
    return begun[1]


def code(agreement: Agreement, page: int | None, revision: int = 1, host: str = "") -> tuple[PageCode, ...]:
    """What stands at the foot of a page; without a page, on the last one."""
    address = f"{host or settings().public_url}/v/{agreement.verification_code}"
    return (PageCode(f"{address}?r={revision}&p={page}" if page else address, 0),)


def matched(
    agreement: Agreement,
    pages: Sequence[Sequence[PageCode]],
    actor: User,
    *,
    by_eye: bool = False,
    outline: Outline | None = OUTLINE,
) -> scans.Matched:
    """The outcome for the agreement's first party."""
    found = scans.find(pages)
    return scans.match(found, agreement, agreement.parties[:1], outline, actor, checked_by_eye=by_eye)


def refused(agreement: Agreement, pages: Sequence[Sequence[PageCode]], actor: User, *, by_eye: bool = False) -> str:
    """All reasons in English."""
    with pytest.raises(Invalid) as caught:
        matched(agreement, pages, actor, by_eye=by_eye)
    return "; ".join(
        f"{field}: {message.english if isinstance(message, Message) else message}"
        for field, messages in caught.value.fields.items()
        for message in messages
    )


def notes(found: scans.Matched) -> list[str]:
    """In English."""
    return [note.english for note in found.notes]


def test_pages_in_any_order_are_placed(scene: Scene, signed_by_hand: Agreement) -> None:
    pages = [code(signed_by_hand, number) for number in (3, 1, 2, 5, 4)]
    found = matched(signed_by_hand, pages, scene.bureau.seal_keeper)
    assert [entry["page"] for entry in found.scan_pages] == [3, 1, 2, 5, 4]
    assert notes(found) == []
    assert [said.english for said in about_pages(found.scan_pages)] == ["pages 1–5 of 5, read by their codes"]


def test_missing_and_double_pages_are_told(scene: Scene, signed_by_hand: Agreement) -> None:
    found = matched(signed_by_hand, [code(signed_by_hand, n) for n in (1, 1, 4)], scene.bureau.seal_keeper)
    assert notes(found) == [
        "Page 1 of the signing copy is in the scan more than once",
        "Not found by its code: page 2–3, 5 of the signing copy",
        f"The page on which {signed_by_hand.parties[0].name} signs is not in the scan",
    ]


def test_the_page_of_signatures_alone_is_enough(scene: Scene, signed_by_hand: Agreement) -> None:
    both = (*code(signed_by_hand, None), *code(signed_by_hand, 5))
    found = matched(signed_by_hand, [both], scene.bureau.seal_keeper)
    assert found.scan_pages == [{"page": 5, "turn": 0, "of": 5}]
    assert notes(found) == ["Not found by its code: page 1–4 of the signing copy"]


def test_without_a_signing_copy_nothing_is_told_of_how_many(scene: Scene, signed_by_hand: Agreement) -> None:
    found = matched(signed_by_hand, [code(signed_by_hand, 2)], scene.bureau.seal_keeper, outline=None)
    assert found.scan_pages == [{"page": 2, "turn": 0}]
    assert [said.english for said in about_pages(found.scan_pages)] == ["page 2, read by code"]


def test_a_page_of_another_agreement_is_named_as_far_as_the_reader_sees(
    scene: Scene, signed_by_hand: Agreement
) -> None:
    with transaction():
        other = another(scene)
        hidden = make_scene_elsewhere()
    keeper = scene.bureau.seal_keeper
    pages = [code(signed_by_hand, 1), code(other, 2), code(hidden, 3), code(hidden, 4)]
    told = refused(signed_by_hand, pages, keeper)
    assert told == (
        f"file: Page 2 of the scan: it belongs to the agreement {other.number}; "
        "file: Page 3–4 of the scan: it belongs to another agreement"
    )
    assert str(hidden.number) not in told


class Again(Scene):
    """The same people once more, who know of their other agreement."""

    def review(self) -> Agreement:
        """Submitted."""
        agreement = self.draft()
        clearance.submit(agreement, self.bureau.handler, duplicates_known=True)
        return agreement


def another(scene: Scene) -> Agreement:
    """A second agreement between the same parties, being signed as well."""
    return Again(scene.bureau, scene.university).signing()


def make_scene_elsewhere() -> Agreement:
    """An agreement of other people."""
    bureau = make_side("大连市人力资源和社会保障局", OrganisationKind.HR_BUREAU)
    return Scene(bureau, make_side("吉林大学", OrganisationKind.UNIVERSITY, "610100")).signing()


def test_an_old_revision_is_refused(scene: Scene, signed_by_hand: Agreement) -> None:
    told = refused(signed_by_hand, [code(signed_by_hand, 1, revision=7)], scene.bureau.seal_keeper)
    assert told == (
        "file: Page 1 of the scan: its signing copy is void: it is of revision 7, and revision 1 is being signed"
    )


@pytest.mark.parametrize("host", ["https://elsewhere.example.cn", ""])
def test_a_code_that_was_never_given_out_is_refused(scene: Scene, signed_by_hand: Agreement, host: str) -> None:
    text = f"{host or settings().public_url}/v/{'0' * 32}?r=1&p=1"
    told = refused(signed_by_hand, [(PageCode(text, 0),)], scene.bureau.seal_keeper, by_eye=True)
    assert "its code is not one of this registry" in told


def test_another_address_before_a_right_code_is_told(scene: Scene, signed_by_hand: Agreement) -> None:
    pages = [code(signed_by_hand, number, host="https://old.example.cn/registry") for number in range(1, 6)]
    found = matched(signed_by_hand, pages, scene.bureau.seal_keeper)
    assert notes(found) == ["The codes name another address (old.example.cn); they were matched by what follows it"]


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("https://mp.example.com/a/b",),
        ("WIFI:T:WPA;S:x;;",),
        ("http://[broken/v/00",),
        ("javascript:/v/0011",),
        ("{base}",),
        ("{base}?p=3",),
        ("{base}?r=1&p=0",),
        ("{base}?r=1&p=99999999999999999999",),
        ("{base}?r=1&p=²",),
        ("{base}?r=1&p=1", "{base}?r=1&p=2"),
    ],
)
def test_pages_that_no_code_places_want_an_eye(scene: Scene, signed_by_hand: Agreement, texts: tuple[str, ...]) -> None:
    base = f"{settings().public_url}/v/{signed_by_hand.verification_code}"
    page = [PageCode(text.replace("{base}", base), 90) for text in texts]
    pages = [code(signed_by_hand, 5), page]
    assert refused(signed_by_hand, pages, scene.bureau.seal_keeper).startswith(
        "checked_by_eye: No code could be read on page 2 of the scan"
    )
    found = matched(signed_by_hand, pages, scene.bureau.seal_keeper, by_eye=True)
    assert [entry["page"] for entry in found.scan_pages] == [5, None]
    assert [said.english for said in about_pages(found.scan_pages)] == [
        "page 5 of 5, read by its code",
        "page 2 of the scan compared by eye",
    ]


def test_a_page_beyond_the_signing_copy_is_refused(scene: Scene, signed_by_hand: Agreement) -> None:
    told = refused(signed_by_hand, [code(signed_by_hand, 6)], scene.bureau.seal_keeper)
    assert "it says page 6, but the signing copy has 5" in told


def test_the_agreement_is_found_without_being_named(scene: Scene, signed_by_hand: Agreement) -> None:
    found = scans.find([code(signed_by_hand, 2), ()])
    assert [row.public_id for row in found.agreements.values()] == [signed_by_hand.public_id]
    assert found.pages[0].place
    assert (found.pages[0].place.revision, found.pages[0].place.page) == (1, 2)
    assert scans.find([()]).agreements == {}


@pytest.mark.parametrize(("numbers", "told"), [([], ""), ([4], "4"), ([5, 3, 2, 1], "1–3, 5"), ([2, 2, 3], "2–3")])
def test_numbers_in_words(numbers: list[int], told: str) -> None:
    assert ranges(numbers) == told
