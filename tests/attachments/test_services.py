"""Files beside a record: added and removed by whom the record's package lets, within limits, told in its change log."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event as sa_event
from sqlalchemy import select

from registry.agreements.models import SigningEvent
from registry.attachments import queries, services
from registry.attachments.models import Attachment
from registry.attachments.services import FULL, PRESENT
from registry.audit.queries import history_of
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from registry.documents import store
from registry.organisations.models import OrganisationKind
from tests.agreements.events.ceremony import PAST, make_event
from tests.agreements.scene import Scene, make_scene, make_side
from tests.states import Begin

from .files import taken

KIND = "event"


def _build() -> tuple[Scene, SigningEvent]:
    with transaction():
        scene = make_scene()
        return scene, make_event(scene, PAST)


@pytest.fixture
def built(begin_with: Begin) -> tuple[Scene, SigningEvent]:
    return begin_with(_build)


@pytest.fixture
def scene(built: tuple[Scene, SigningEvent]) -> Scene:
    return built[0]


@pytest.fixture
def event(built: tuple[Scene, SigningEvent]) -> SigningEvent:
    return built[1]


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """What is asked of the database."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa_event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sa_event.remove(db.engine, "before_cursor_execute", note)


def attach(scene: Scene, event: SigningEvent, *names: str, caption: str = "") -> list[Attachment]:
    files = [taken(name, name.encode()) for name in names]
    with transaction():
        added, refused = services.add(KIND, event, files, scene.bureau.handler, caption)
    assert refused == []
    return added


def told(event: SigningEvent) -> list[tuple[str, dict[str, list[str | None]], str]]:
    """Action, changes and reason of what happened to the event since it was entered, the latest first."""
    rows = history_of("signingevent", event.public_id)
    return [(row.action, row.changes, row.reason) for row in rows if row.action != "event:add"]


def test_files_are_beside_their_record_in_order(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        other = make_event(scene, PAST)
    attach(scene, event, "甲.jpg", "乙.jpg", caption="签约")
    attach(scene, event, "丙.jpg")
    rows = queries.attachments_of(KIND, event)
    assert [row.filename for row in rows] == ["甲.jpg", "乙.jpg", "丙.jpg"]
    assert [row.caption for row in rows] == ["签约", "签约", ""]
    assert {(row.added_by, row.pages, row.has_small, row.size) for row in rows} == {
        (scene.bureau.handler.name, 1, True, len("甲.jpg".encode()))
    }
    assert queries.attachments_of(KIND, other) == []
    assert queries.attachments_of("visit", event) == []
    assert queries.count_of(KIND, [event.id, other.id]) == {event.id: 3, other.id: 0}


def test_the_change_log_of_the_record_tells_of_both(scene: Scene, event: SigningEvent) -> None:
    (one,) = attach(scene, event, "甲.jpg", caption="签约")
    digest = one.file.sha256
    assert told(event) == [
        ("attachment:add", {"attachment": [None, "甲.jpg"], "caption": [None, "签约"], "sha256": [None, digest]}, "")
    ]
    with transaction():
        services.remove(queries.get(one.public_id, scene.bureau.handler), "拍错了", scene.bureau.handler)
    assert told(event)[0] == (
        "attachment:remove",
        {"attachment": ["甲.jpg", None], "sha256": [digest, None]},
        "拍错了",
    )


def test_a_removed_file_is_out_of_sight_and_not_lost(scene: Scene, event: SigningEvent) -> None:
    one, two = attach(scene, event, "甲.jpg", "乙.jpg")
    with transaction():
        services.remove(queries.get(one.public_id, scene.bureau.handler), "拍错了", scene.bureau.handler)
    present, gone = queries.attachments_of(KIND, event)
    assert (present.filename, present.removed_at) == ("乙.jpg", None)
    assert (gone.filename, gone.removed_by, gone.removed_reason) == ("甲.jpg", scene.bureau.handler.name, "拍错了")
    assert queries.count_of(KIND, [event.id]) == {event.id: 1}
    assert store.read(one.file) == "甲.jpg".encode()
    (again,) = attach(scene, event, "甲.jpg")  # the same bytes may come back
    assert again.position > two.position


def test_removing_needs_a_reason_and_happens_once(scene: Scene, event: SigningEvent) -> None:
    (one,) = attach(scene, event, "甲.jpg")
    version, handler = one.row_version, scene.bureau.handler
    with pytest.raises(Invalid), transaction():
        services.remove(queries.get(one.public_id, handler), "", handler)
    with transaction():
        services.remove(queries.get_for_change(one.public_id, handler, version), "拍错了", handler)
    with pytest.raises(Conflict), transaction():
        services.remove(queries.get(one.public_id, handler), "又一次", handler)
    with pytest.raises(Stale):
        queries.get_for_change(one.public_id, handler, version)
    assert [action for action, *_rest in told(event)] == ["attachment:remove", "attachment:add"]


@pytest.mark.parametrize("role", ["leader", "seal_keeper", "section_head"])
def test_only_whom_the_record_lets(scene: Scene, event: SigningEvent, role: str) -> None:
    (one,) = attach(scene, event, "甲.jpg")
    person = getattr(scene.bureau, role)
    with pytest.raises(Forbidden), transaction():
        services.add(KIND, event, [taken()], person)
    with pytest.raises(Forbidden), transaction():
        services.remove(queries.get(one.public_id, person), "不要", person)
    assert [row.removed_at for row in queries.attachments_of(KIND, event)] == [None]


def test_who_does_not_see_the_record_sees_no_file_of_it(scene: Scene, event: SigningEvent) -> None:
    (one,) = attach(scene, event, "甲.jpg")
    with transaction():
        stranger = make_side("西北大学", OrganisationKind.UNIVERSITY, "610100").handler
    assert queries.get(one.public_id, scene.bureau.leader).record.id == event.id
    with pytest.raises(NotFound):
        queries.get(one.public_id, stranger)
    with pytest.raises(NotFound):
        queries.get("01ARZ3NDEKTSV4RRFFQ69G5FAV", scene.bureau.leader)


def test_a_kind_that_nobody_registered_has_no_files(scene: Scene, event: SigningEvent) -> None:
    with pytest.raises(NotFound), transaction():
        services.add("unknown", event, [taken()], scene.bureau.handler)
    (one,) = attach(scene, event, "甲.jpg")
    with transaction():
        one.subject_kind = "unknown"
    with pytest.raises(NotFound):
        queries.get(one.public_id, scene.bureau.handler)


def test_the_same_file_is_not_taken_twice(scene: Scene, event: SigningEvent) -> None:
    attach(scene, event, "甲.jpg")
    files = [taken("改名.jpg", "甲.jpg".encode()), taken("乙.jpg", b"2"), taken("丙.jpg", b"2")]
    with transaction():
        added, refused = services.add(KIND, event, files, scene.bureau.handler)
    assert [one.filename for one in added] == ["乙.jpg"]
    assert [(one.filename, one.reason) for one in refused] == [("改名.jpg", PRESENT), ("丙.jpg", PRESENT)]


def test_a_record_takes_so_many_files(scene: Scene, event: SigningEvent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_FILES", 3)
    attach(scene, event, "甲.jpg", "乙.jpg")
    with transaction():
        added, refused = services.add(KIND, event, [taken("丙.jpg", b"3"), taken("丁.jpg", b"4")], scene.bureau.handler)
    assert [one.filename for one in added] == ["丙.jpg"]
    assert [(one.filename, one.reason) for one in refused] == [("丁.jpg", FULL)]


def test_a_list_costs_one_query_however_long(scene: Scene, event: SigningEvent, statements: list[str]) -> None:
    attach(scene, event, *(f"{number}.jpg" for number in range(12)))
    assert event.id
    statements.clear()
    assert len(queries.attachments_of(KIND, event)) == 12
    assert queries.count_of(KIND, [event.id])[event.id] == 12
    assert len([one for one in statements if "SELECT" in one]) == 2


def test_the_same_bytes_are_stored_once(scene: Scene, event: SigningEvent) -> None:
    with transaction():
        other = make_event(scene, PAST)
    (one,), (two,) = attach(scene, event, "甲.jpg"), attach(scene, other, "甲.jpg")
    assert one.file_id == two.file_id
    assert len(db.session.scalars(select(Attachment)).all()) == 2
