"""Pages of activities: happy paths, invalid input, wrong roles, somebody else's records, totals, export."""

import io
from datetime import date
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from registry.activities import policy
from registry.activities.enums import ActivityKind, Part
from registry.activities.figure_codes import FigureCode
from registry.activities.inputs import OutcomeLine, PartyLine
from registry.activities.models import Activity
from registry.agreements.inputs_events import EventDetails
from registry.agreements.services import events
from registry.audit.models import AuditEvent
from registry.core.dates import Precision
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side
from tests.agreements.test_speed import SHELL, counted
from tests.conftest import Client

from .fairs import LAUNCH_DAY, STORY, lines, make_activity, make_part, make_series, story_lines


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def values(scene: Scene, **changes: str) -> dict[str, str]:
    figures = {f"figure-{code}": text for code, text in STORY.items()}
    return (
        {
            "title_zh": "启动仪式现场招聘活动",
            "title_en": "",
            "kind": "job_fair",
            "programme": "百万学子留辽来辽",
            "held_on": "2023年3月18日",
            "held_until": "",
            "place": "沈阳市",
            "region": "210300",
            "parent": "",
            "signing_event": "",
            "is_held": "true",
            "party-0-part": "organiser",
            "party-0-organisation": scene.bureau.organisation.public_id,
            "party-0-reported": "",
            "party-1-part": "host",
            "party-1-organisation": "",
            "party-1-reported": "某大学",
            "counting_note": "",
            "notes": "",
            "source": "人民网沈阳2023年3月19日电",
            "source_url": "",
        }
        | figures
        | changes
    )


def without_figures(given: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if not name.startswith("figure-") and name != "is_held"}


def test_entering_the_fair_of_the_launch(scene: Scene, client: Client) -> None:
    """Story 7 on the page: figures with their units, what is computed, and 6,000 refused with both numbers."""
    client.sign_in(scene.bureau.handler)
    assert scene.bureau.organisation.public_id in client.get("/activities/new").text
    refused = client.post("/activities/new", data=values(scene, **{"figure-positions_over_10k": "6,000"}))
    assert refused.status_code == 422
    for shown in ("6,000", "5,459", "7,580人"):
        assert shown in refused.text
    answer = client.post("/activities/new", data=values(scene))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for shown in ("202家", "5,459个", "949个", "7,580人", "4.9万人次", "17.4%", "27.0个/家", "单位待补", "尚未核对"):
        assert shown in page
    assert "56,580" not in page
    form = client.get(f"{answer.location}/edit").text
    assert 'value="2023-03-18"' in form
    assert "figure-employers" not in form
    changed = without_figures(values(scene, notes="简历明显多于以往", row_version="1"))
    assert client.post(f"{answer.location}/edit", data=changed).status_code == 303
    page = client.get(answer.location).text
    assert "简历明显多于以往" in page
    assert "修改活动" in page
    stale = client.post(f"{answer.location}/edit", data=changed | {"notes": "其他"})
    assert stale.status_code == 409
    assert "其他" in stale.text


@pytest.mark.parametrize(
    "changes",
    [
        {"title_zh": ""},
        {"kind": "party"},
        {"held_on": "2023-13"},
        {"held_until": "2023-03"},
        {"held_on": "2099-01-01"},
        {"party-0-organisation": ""},
        {"figure-positions": "百校千企"},
        {"figure-nothing": "5"},
        {"region": "999999"},
        {"source_url": "ftp://x"},
    ],
)
def test_bad_input_keeps_what_was_typed(scene: Scene, client: Client, changes: dict[str, str]) -> None:
    client.sign_in(scene.bureau.handler)
    answer = client.post("/activities/new", data=values(scene, notes="简历明显多于以往", **changes))
    assert answer.status_code == 422
    assert "简历明显多于以往" in answer.text
    assert db.session.scalars(select(Activity)).all() == []


def post(client: Client, activity: Activity, path: str, **given: str) -> int:
    version = db.session.get_one(Activity, activity.id, populate_existing=True).row_version
    address = f"/activities/{activity.public_id}/{path}"
    return client.post(address, data={"row_version": str(version)} | given).status_code


def test_holding_reporting_and_cancelling(scene: Scene, client: Client) -> None:
    with transaction():
        activity = make_activity(scene, is_held=False, figures=lines(employers="200"))
        other = make_activity(scene, is_held=False, title_zh="另一场")
    client.sign_in(scene.bureau.handler)
    here = f"/activities/{activity.public_id}"
    assert "200家（计划）" in client.get(here).text
    assert post(client, activity, "hold", held_on="2099-01-01", held_until="") == 422
    assert post(client, activity, "hold", held_on="2023-03-18", held_until="") == 303
    assert post(client, activity, "figures", **{"figure-positions": "许多"}) == 422
    assert post(client, activity, "figures", **{"figure-employers": "202", "note": "现场统计"}) == 303
    page = client.get(here).text
    assert "202家" in page
    assert "200家（计划）" in page
    assert "现场统计" in page
    assert post(client, other, "cancel", reason="") == 422
    assert post(client, other, "cancel", reason="场地不可用") == 303
    assert "场地不可用" in client.get(f"/activities/{other.public_id}").text
    assert post(client, other, "hold", held_on="2023-03-18", held_until="") == 409


def test_checking_and_correcting(scene: Scene, client: Client) -> None:
    with transaction():
        activity = make_series(
            scene, figures=lines(participants="65,438+10,000", positions="6.24万", employers="1,637")
        )
        doubtful = next(one for one in activity.figures if one.code == "participants")
        positions = next(one for one in activity.figures if one.code == "positions")
    here, page_of = f"/activities/{activity.public_id}", f"figures/{doubtful.public_id}"
    client.sign_in(scene.bureau.handler)
    assert post(client, activity, f"{page_of}/check", reading="10万余") == 403
    client.sign_in(scene.bureau.section_head)
    page = client.get(f"{here}/{page_of}").text
    assert "65,438+10,000" in page
    assert "75,438" not in page
    assert post(client, activity, f"{page_of}/check", reading="") == 422
    assert post(client, activity, "check") == 303  # the sure ones
    assert post(client, activity, "check") == 422
    assert post(client, activity, f"{page_of}/check", reading="10万余") == 303
    page = client.get(here).text
    assert "100,000余人次" in page
    assert "尚未核对" not in page
    change = {"text": "6.25万", "note": "", "source": "", "label_zh": "", "label_en": ""}
    assert post(client, activity, f"figures/{positions.public_id}/correct", reason="", **change) == 422
    assert post(client, activity, f"figures/{positions.public_id}/correct", reason="更正", **change) == 303
    page = client.get(here).text
    assert "6.25万个" in page
    assert "尚未核对" in page  # the new one
    assert "更正" in client.get(f"{here}/figures/{positions.public_id}").text
    assert post(client, activity, f"figures/{positions.public_id}/correct", reason="再改", **change) == 409
    assert client.get(f"{here}/figures/nothing").status_code == 404


def test_linking_by_the_address_of_a_page(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.draft()
        activity = make_activity(scene)
    client.sign_in(scene.bureau.handler)
    here = f"/activities/{activity.public_id}"
    for wrong in ("", "nothing", "/agreements", "/agreements/01NOTHING", here, "http://[x"):
        assert post(client, activity, "links", subject=wrong, link="produced") == 422
    address = f"http://localhost/agreements/{agreement.public_id}"
    assert post(client, activity, "links", subject=address, link="produced") == 303
    assert agreement.title_zh in client.get(here).text
    assert here in client.get(f"/agreements/{agreement.public_id}/follow-up").text
    client.sign_in(scene.university.handler)  # a draft is not theirs to see yet
    page = client.get(here).text
    assert agreement.title_zh not in page
    assert "另有 1 条记录不在您的范围内" in page
    client.sign_in(scene.bureau.handler)
    assert post(client, activity, f"links/agreement/{agreement.public_id}/remove") == 303
    assert post(client, activity, f"links/agreement/{agreement.public_id}/remove") == 404


def test_a_new_activity_is_linked_to_what_it_was_begun_from(scene: Scene, client: Client) -> None:
    about = EventDetails(title_zh="签约仪式", held_on=LAUNCH_DAY, held_precision=Precision.DAY)
    with transaction():
        agreement = scene.draft()
        event = events.create(about, scene.bureau.handler)
    client.sign_in(scene.bureau.handler)
    address = f"/activities/new?of=agreement&subject={agreement.public_id}"
    assert agreement.title_zh in client.get(address).text
    answer = client.post(address, data=values(scene, kind="signing_ceremony", signing_event=event.public_id))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert agreement.title_zh in page
    assert f"/events/{event.public_id}" in page
    assert answer.location in client.get(f"/events/{event.public_id}").text


def test_a_series_shows_its_total_beside_the_sum_of_its_parts(scene: Scene, client: Client) -> None:
    with transaction():
        series = make_series(scene, figures=lines(positions="6.24万"))
        for _ in range(2):
            part = make_part(scene, series, figures=lines(positions="2,000"))
    client.sign_in(scene.bureau.handler)
    page = client.get(f"/activities/{series.public_id}").text
    assert "6.24万个" in page
    assert "4,000个" in page
    assert "66,400" not in page
    assert series.title_zh in client.get(f"/activities/{part.public_id}").text
    totals = client.get("/activities/totals").text
    assert "6.24万个" in totals
    assert "4,000个" in client.get("/activities/totals?level=part").text


def test_buttons_are_those_that_would_succeed(scene: Scene, client: Client) -> None:
    with transaction():
        held = make_activity(scene, figures=lines(employers="202"))
        planned = make_activity(scene, is_held=False)
    figure = held.figures[0].public_id
    verbs = ("edit", "hold", "cancel", 'figures"', 'check"', 'links"')

    def offered(person: object, activity: Activity) -> list[str]:
        client.sign_in(person)  # type: ignore[arg-type]  # a user
        page = client.get(f"/activities/{activity.public_id}").text
        return [verb.strip('"') for verb in verbs if f"{activity.public_id}/{verb}" in page]

    def on_figure(person: object) -> list[str]:
        client.sign_in(person)  # type: ignore[arg-type]  # a user
        page = client.get(f"/activities/{held.public_id}/figures/{figure}").text
        return [verb for verb in ("check", "correct") if f"{figure}/{verb}" in page]

    bureau, university = scene.bureau, scene.university
    assert offered(bureau.handler, held) == ["edit", "figures", "links"]
    assert offered(bureau.section_head, held) == ["edit", "figures", "check", "links"]
    assert offered(bureau.leader, held) == ["check"]
    assert offered(university.handler, held) == ["check"]
    assert offered(bureau.signatory, held) == []
    assert offered(bureau.handler, planned) == ["edit", "hold", "cancel", "figures", "links"]
    assert [on_figure(one) for one in (bureau.handler, bureau.leader, bureau.section_head, bureau.signatory)] == [
        ["correct"],
        ["check"],
        ["check", "correct"],
        [],
    ]


def test_somebody_elses_is_not_found(scene: Scene, client: Client) -> None:
    with transaction():
        activity = make_activity(scene, figures=lines(employers="202"))
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    here, figure = f"/activities/{activity.public_id}", activity.figures[0].public_id
    assert client.get(here).status_code == 303
    client.sign_in(stranger.handler)
    for address in (here, f"{here}/edit", f"{here}/figures/{figure}"):
        assert client.get(address).status_code == 404
    for verb in ("edit", "hold", "cancel", "figures", "check", "links", f"figures/{figure}/check"):
        assert client.post(f"{here}/{verb}", data={"row_version": "1"} | values(scene)).status_code == 404
    assert activity.title_zh not in client.get("/activities").text
    assert "202家" not in client.get("/activities/totals").text


def test_who_reads_only_and_who_is_signed_out_enter_nothing(scene: Scene, client: Client) -> None:
    with transaction():
        activity = make_activity(scene)
    here = f"/activities/{activity.public_id}"
    acts = {
        "edit": without_figures(values(scene)),
        "hold": {"held_on": "2023-03-18"},
        "cancel": {"reason": "场地不可用"},
        "figures": {"figure-resumes": "9"},
        "links": {"subject": here, "link": "produced"},
    }
    assert client.post("/activities/new", data=values(scene)).status_code in (302, 303, 401)
    for person in (scene.bureau.leader, scene.university.handler):
        client.sign_in(person)
        assert {verb: post(client, activity, verb, **given) for verb, given in acts.items()} == dict.fromkeys(acts, 403)
    client.sign_in(scene.bureau.leader)
    assert client.get("/activities/new").status_code == 403
    assert client.post("/activities/new", data=values(scene)).status_code == 403
    assert [one.title_zh for one in db.session.scalars(select(Activity))] == [activity.title_zh]


def test_a_figure_in_the_sources_own_words(scene: Scene, client: Client) -> None:
    with transaction():
        activity = make_activity(scene)
    client.sign_in(scene.bureau.handler)
    assert post(client, activity, "figures", **{"figure-other": "15个", "label_zh": ""}) == 422
    own_words = {"figure-other": "15个", "label_zh": "签约地区", "label_en": "Places that sign", "figure-cities": "14"}
    assert post(client, activity, "figures", **own_words) == 303
    page = client.get(f"/activities/{activity.public_id}").text
    assert "签约地区" in page
    assert "15个" in page
    assert [one.label_zh for one in activity.current_figures] == ["", "签约地区"]  # the cities keep their name


def test_what_it_belongs_to_is_named_only_for_who_sees_it(scene: Scene, client: Client) -> None:
    with transaction():
        launch = make_series(scene, parties=(PartyLine(Part.ORGANISER, scene.bureau.organisation.public_id),))
        part = make_part(scene, launch)
    for person, is_seen in ((scene.bureau.handler, True), (scene.university.handler, False)):
        client.sign_in(person)
        page = client.get(f"/activities/{part.public_id}").text
        assert part.title_zh in page
        assert (launch.title_zh in page) is is_seen


def test_notices_and_photos_are_put_beside_it(scene: Scene, client: Client) -> None:
    with transaction():
        activity = make_activity(scene)
    address = f"/attachments/activity/{activity.public_id}"
    for person, status in ((scene.bureau.handler, 200), (scene.university.handler, 200)):
        client.sign_in(person)
        assert client.get(address).status_code == status
    assert policy.may_attach(scene.bureau.handler, activity)
    assert not policy.may_attach(scene.university.handler, activity)


def exported(client: Client, query: str, form: str) -> bytes:
    with client.post(f"/activities/export{query}", data={"format": form}) as answer:
        data: bytes = answer.data
    return data


def test_the_list_and_its_files(scene: Scene, client: Client) -> None:
    with transaction():
        series = make_series(scene, figures=lines(cooperation_intentions="近百"))
        linked = OutcomeLine("agreement", scene.draft(title_zh="鞍山框架协议").public_id)
        make_part(scene, series, figures=story_lines(), notes="=1+1", outcomes=(linked,))
        make_activity(scene, kind=ActivityKind.TALK, title_zh="另一场", held_on=date(2024, 5, 1))
    client.sign_in(scene.bureau.leader)
    page = client.get("/activities?kind=talk").text
    assert "另一场" in page
    assert "百校千企" not in page.split("<table", 1)[1]
    for query, shown in (
        ("since=2024-01-01", 1),
        ("level=part", 1),
        ("unchecked=true", 2),
        (f"university={scene.university.organisation.public_id}", 3),
        (f"organiser={scene.university.organisation.public_id}", 0),
        ("region=210300", 3),
        ("region=610100", 0),
        ("programme=百校千企", 1),
        ("programme=百校", 0),
        ("months=202303-202303", 2),
        ("months=202304-", 1),
        ("months=-202303", 2),
        ("months=nonsense", 3),
        ("level=counted", 2),
        ("level=counted&programme=百校千企", 1),
        ("state=planned", 0),
        ("q=另一", 1),
    ):
        assert client.get(f"/activities?{query}").text.count('<th scope="row"') == shown, query
    plain = exported(client, "", "csv").decode("utf-8-sig").splitlines()
    assert len(plain) == 4
    assert plain[0].startswith("活动名称,活动类型,所属活动,日期,地点,依托高校,主办单位,承办单位,关联协议,参会单位数,")
    assert "'=1+1" in "".join(plain)
    assert "近100项" in "".join(plain)
    assert ",鞍山框架协议,202家," in "".join(plain)
    assert "7,580人" in "".join(plain)
    assert len(exported(client, "?kind=talk", "csv").decode().splitlines()) == 2
    sheet = ZipFile(io.BytesIO(exported(client, "", "xlsx"))).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 4 + 2  # title and foot
    counts = [
        row.changes["count"]
        for row in db.session.scalars(select(AuditEvent).where(AuditEvent.action == "activity:export"))
    ]
    assert counts == [["", 3], ["", 1], ["", 3]]


def test_pages_cost_the_same_whatever_there_is(scene: Scene, client: Client) -> None:
    client.sign_in(scene.bureau.handler)

    def cost(address: str) -> int:
        client.get(address)
        with counted() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    def costs(activity: Activity) -> list[int]:
        return [cost(one) for one in ("/activities", f"/activities/{activity.public_id}", "/activities/totals")]

    with transaction():
        links = [OutcomeLine("agreement", scene.draft(title_zh=f"协议{n}").public_id) for n in range(4)]
        one = make_series(scene, figures=lines(employers="5"), outcomes=tuple(links[:1]))
        make_part(scene, one, figures=lines(employers="5"))
    few = costs(one)
    with transaction():
        many = make_series(scene, figures=story_lines(), outcomes=tuple(links))
        for _ in range(5):
            make_part(scene, many, figures=story_lines())
    assert costs(many) == few
    assert few[0] <= 7 + SHELL
    assert few[1] <= 14 + SHELL
    assert few[2] <= 5 + SHELL
    assert FigureCode.EMPLOYERS in {figure.code for figure in many.figures}


@pytest.mark.parametrize("address", ["/activities", "/activities/new", "/activities/totals"])
@pytest.mark.parametrize("name", ["endpoint", "_method", "_scheme"])
def test_strange_parameters_break_no_page(scene: Scene, client: Client, address: str, name: str) -> None:
    client.sign_in(scene.bureau.handler)
    answer = client.get(f"{address}?{name}=javascript")
    assert answer.status_code == 200
    assert "javascript:" not in answer.text
