"""The pages of what comes after signing: change, merge, compare, past days, renewal, notice, completion."""

from datetime import timedelta
from io import BytesIO

import pytest

from registry.agreements.inputs import ChangeDetails, Term
from registry.agreements.models import (
    Agreement,
    AgreementStatus,
    ClosureOutcome,
    RenewalDecision,
    RevisionKind,
    RevisionStage,
)
from registry.agreements.services import entry, lifecycle, renewal, revising
from registry.core.dates import today
from registry.core.db import db, transaction
from tests.agreements.scene import Scene, make_scene, make_side, tomorrow
from tests.commitments.settled import waive_all
from tests.conftest import Client
from tests.documents.test_uploads import make_pdf

ZH, EN = {"Accept-Language": "zh"}, {"Accept-Language": "en"}


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    with transaction():
        return scene.in_force()


def address(agreement: Agreement, page: str = "") -> str:
    return f"/agreements/{agreement.public_id}{page}"


def fresh(agreement: Agreement) -> Agreement:
    db.session.expire_all()
    return agreement


class TestChanging:
    def test_begins_with_the_form_and_goes_on_to_the_sheet(
        self, scene: Scene, agreement: Agreement, client: Client
    ) -> None:
        client.sign_in(scene.bureau.handler)
        page = client.get(address(agreement, "/revise"), headers=ZH)
        assert "变更类型" in page.text
        sent = {"row_version": agreement.row_version, "kind": "amendment", "reason": "延长期限", "nonce": "a" * 26}
        answer = client.post(address(agreement, "/revise"), data=sent)
        assert (answer.status_code, answer.location) == (303, address(agreement, "/edit"))
        assert client.get(answer.location).status_code == 200
        revision = fresh(agreement).open_revision
        assert revision
        assert revision.content["change"]["reason"] == "延长期限"
        assert "变更事由与日期" in client.get(address(agreement), headers=ZH).text

    def test_tells_what_is_wrong_and_keeps_the_words(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        client.sign_in(scene.bureau.handler)
        sent = {"row_version": agreement.row_version, "kind": "withdrawal", "reason": "不再参与"}
        answer = client.post(address(agreement, "/revise"), data=sent, headers=EN)
        assert answer.status_code == 422
        assert "不再参与" in answer.text
        assert client.post(address(agreement, "/revise"), data={"row_version": 1}).status_code == 422

    def test_is_nobody_elses(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        for person in (scene.bureau.leader, scene.university.handler):
            assert client.sign_in(person).get(address(agreement, "/revise")).status_code == 403
        with transaction():
            other = make_side("沈阳大学", scene.university.organisation.kind)
        assert client.sign_in(other.handler).get(address(agreement, "/revise")).status_code == 404

    def test_only_one_is_on_its_way(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.AMENDMENT)
        assert client.sign_in(scene.bureau.handler).get(address(agreement, "/revise")).status_code == 409
        assert "/revise" not in client.get(address(agreement)).text

    def test_describes_a_withdrawal_or_termination(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
        client.sign_in(scene.bureau.handler)
        assert "善后安排" in client.get(address(agreement, "/change"), headers=ZH).text
        sent = {"row_version": agreement.row_version, "reason": "提前办结", "arrangements": "场地归还"}
        assert client.post(address(agreement, "/change"), data=sent).status_code == 303
        assert "场地归还" in client.get(address(agreement), headers=ZH).text
        late = client.post(address(agreement, "/change"), data=sent | {"reason": "又改"})
        assert late.status_code == 409
        assert "又改" in late.text

    def test_is_hidden_from_the_other_side_until_it_is_put_before_it(
        self, scene: Scene, agreement: Agreement, client: Client
    ) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION, reason="内部考虑")
        client.sign_in(scene.university.handler)
        assert "内部考虑" not in client.get(address(agreement)).text
        assert client.get(address(agreement, "/compare")).status_code == 404
        with transaction():
            scene.pass_review(agreement)
        assert "内部考虑" in client.get(address(agreement)).text

    def test_can_be_given_up(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        with transaction():
            scene.change(agreement, RevisionKind.TERMINATION)
        client.sign_in(scene.bureau.handler)
        assert "/abandon" in client.get(address(agreement)).text
        sent = {"row_version": agreement.row_version, "reason": "不终止了"}
        assert client.post(address(agreement, "/abandon"), data=sent).status_code == 303
        assert fresh(agreement).open_revision is None


class TestMerging:
    @pytest.fixture
    def stale(self, scene: Scene, agreement: Agreement) -> Agreement:
        with transaction():
            scene.amended(agreement, term=Term(months=60), effective_from=tomorrow())
            scene.change(agreement, RevisionKind.AMENDMENT)
            entry.edit(agreement, scene.draft_input(term=Term(months=48)), scene.bureau.handler)
            lifecycle.take_effect_of_changes(tomorrow())
        return agreement

    def test_offers_both_texts_and_goes_on_with_the_choice(
        self, scene: Scene, stale: Agreement, client: Client
    ) -> None:
        client.sign_in(scene.bureau.handler)
        assert "/merge" in client.get(address(stale)).text
        page = client.get(address(stale, "/merge"), headers=ZH).text
        for shown in ("36", "48", "60", "现行文本"):
            assert shown in page
        missing = client.post(address(stale, "/merge"), data={"row_version": stale.row_version})
        assert missing.status_code == 422
        sent = {"row_version": stale.row_version, "term/months": "mine"}
        assert client.post(address(stale, "/merge"), data=sent).status_code == 303
        revision = fresh(stale).open_revision
        assert revision
        assert revision.content["term"]["months"] == 48
        assert client.get(address(stale, "/merge")).status_code == 409

    def test_submitting_names_the_fields(self, scene: Scene, stale: Agreement, client: Client) -> None:
        client.sign_in(scene.bureau.handler)
        answer = client.post(address(stale, "/submit"), data={"row_version": stale.row_version}, headers=EN)
        assert answer.status_code == 409
        assert "Months" in answer.text


class TestLookingBack:
    def test_compares_two_texts(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        with transaction():
            scene.amended(agreement, term=Term(months=60), signing_place="沈阳市")
        page = client.sign_in(scene.university.handler).get(address(agreement, "/compare"), headers=ZH).text
        assert "<del>36</del>" in page
        assert "<ins>60</ins>" in page
        same = client.get(address(agreement, "/compare?from=2&to=2"), headers=ZH).text
        assert "两版文本相同" in same

    def test_shows_a_past_day_with_its_own_terms(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        with transaction():
            scene.amended(agreement, title_zh="修订后的名称", effective_from=tomorrow())
            lifecycle.take_effect_of_changes(tomorrow())
        client.sign_in(scene.bureau.handler)
        then = client.get(address(agreement, f"/on/{today()}"), headers=ZH).text
        now = client.get(address(agreement, f"/on/{tomorrow()}"), headers=ZH).text
        assert "修订后的名称" not in then
        assert "修订后的名称" in now
        before = client.get(address(agreement, "/on/2001-01-01"), headers=ZH).text
        assert "当日尚未签署" in before
        assert client.get(address(agreement, "/on/nonsense")).status_code == 404

    def test_lists_a_past_day(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        with transaction():
            scene.draft(title_zh="未签的草稿")
            lifecycle.suspend(agreement, "停办", scene.bureau.leader)
        client.sign_in(scene.bureau.handler)
        page = client.get(f"/agreements?on={today()}", headers=ZH).text
        assert agreement.title_zh in page
        assert "未签的草稿" not in page
        assert address(agreement, f"/on/{today()}") in page
        gone = client.get(f"/agreements?on={today() - timedelta(days=1)}", headers=ZH).text
        assert address(agreement) not in gone


class TestTheEnd:
    def test_asks_and_takes_the_decision(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        with transaction():
            agreement.expires_on = today() + timedelta(days=100)
        client.sign_in(scene.bureau.handler)
        assert "即将到期" in client.get(address(agreement), headers=ZH).text
        assert "续签还是到期终止" in client.get("/todo", headers=ZH).text
        sent = {"row_version": agreement.row_version, "decision": "let_expire"}
        assert client.post(address(agreement, "/renewal-decision"), data=sent).status_code == 422
        sent |= {"reason": "项目已办结"}
        assert client.post(address(agreement, "/renewal-decision"), data=sent).status_code == 303
        assert fresh(agreement).renewal_decision is RenewalDecision.LET_EXPIRE
        assert "续签还是到期终止" not in client.get("/todo", headers=ZH).text

    def test_begins_a_renewal_with_chosen_commitments(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        client.sign_in(scene.bureau.handler)
        base = agreement.effective_revision
        assert base
        codes = [row["code"] for row in base.content["commitments"]]
        assert codes[0] in client.get(address(agreement, "/renew")).text
        sent = {"row_version": agreement.row_version, "carried": codes[:1]}
        answer = client.post(address(agreement, "/renew"), data=sent)
        assert answer.status_code == 303
        made = renewal.renewal_of(fresh(agreement))
        assert made
        assert answer.location == address(made, "/edit")
        assert [row["code"] for row in made.revisions[0].content["commitments"]] == codes[:1]
        assert client.get(answer.location).status_code == 200
        assert "由其续签" in client.get(address(agreement), headers=ZH).text
        assert client.get(address(agreement, "/renew")).status_code == 409
        hidden = client.sign_in(scene.university.handler).get(address(agreement), headers=ZH).text
        assert "由其续签" not in hidden

    def test_ends_by_a_notice_whose_period_has_passed(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        with transaction():
            agreement.effective_on = today() - timedelta(days=60)
        client.sign_in(scene.bureau.leader)
        party, pdf = agreement.parties[1].public_id, make_pdf()
        sent = {"party": party, "received_on": str(today() - timedelta(days=31)), "notice_days": "30", "reason": "停办"}
        wrong = client.post(address(agreement, "/notice"), data=sent | {"row_version": agreement.row_version})
        assert wrong.status_code == 422
        with_file = sent | {"row_version": agreement.row_version, "file": (BytesIO(pdf), "通知.pdf")}
        answer = client.post(address(agreement, "/notice"), data=with_file, headers=ZH)
        assert answer.status_code == 303, answer.text
        assert client.get(address(agreement, "/notice")).data == pdf
        page = client.get(address(agreement), headers=ZH).text
        assert "/terminate" in page
        assert (
            client.post(
                address(agreement, "/terminate"), data={"row_version": fresh(agreement).row_version}
            ).status_code
            == 303
        )
        assert fresh(agreement).outcome is ClosureOutcome.TERMINATED

    def test_closes_as_completed_what_is_settled(self, scene: Scene, agreement: Agreement, client: Client) -> None:
        client.sign_in(scene.bureau.leader)
        assert "/complete" not in client.get(address(agreement)).text
        early = client.post(address(agreement, "/complete"), data={"row_version": agreement.row_version}, headers=ZH)
        assert early.status_code == 409
        assert "组织专场招聘会" in early.text
        with transaction():
            waive_all(agreement)
        assert "履行完毕结束" in client.get(address(agreement), headers=ZH).text
        sent = {"row_version": fresh(agreement).row_version}
        assert client.post(address(agreement, "/complete"), data=sent).status_code == 303
        assert fresh(agreement).status is AgreementStatus.CLOSED

    def test_is_not_completed_while_a_change_is_on_its_way(
        self, scene: Scene, agreement: Agreement, client: Client
    ) -> None:
        with transaction():
            revising.begin(agreement, RevisionKind.AMENDMENT, ChangeDetails("x"), scene.bureau.handler)
            waive_all(agreement)
        client.sign_in(scene.bureau.leader)
        sent = {"row_version": agreement.row_version}
        assert client.post(address(agreement, "/complete"), data=sent).status_code == 409
        assert "/complete" not in client.get(address(agreement)).text
        assert fresh(agreement).revisions[-1].stage is RevisionStage.DRAFT
