"""The auditor traces one agreement and finds what was tampered with; nobody does another's work."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from registry.accounts.models import User
from registry.agreements.models import Agreement, AgreementStatus
from registry.agreements.services import supplement
from registry.audit.triggers import DROP_POSTGRESQL, DROP_SQLITE
from registry.core.access.roles import Role
from registry.core.access.scope import without_scope
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.jobs import daily
from registry.ledgers.models import ImportBatch
from registry.organisations.models import Contact
from tests.agreements.clock import Clock, install
from tests.agreements.scene import Side
from tests.conftest import Client
from tests.factories import make_user
from tests.ledgers.sheets import book, work
from tests.ledgers.test_import import HEAD, build
from tests.states import Begin

from .lines import lines_of

AG_001 = next(line for line in lines_of("agreements") if line["id"] == "AG-001")
ROW = (1, "AG-001", AG_001["title_zh"], "框架协议", "鞍山市人力资源和社会保障局", AG_001["party_b"], "2023年", "", "")
PHONE, MASKED, WHY = "13800001234", "138****1234", "核对AG-001签约代表的联系方式"
TAG = re.compile(r"<[^>]+>")
LONG_AGO = timedelta(days=240)
SEEN = {
    "create": ("补录已签协议", AG_001["title_zh"]),
    "dropped": ("导入文件", "鞍山台账.xlsx"),
    "import": ("台账记录入库", "鞍山台账.xlsx", "→ 1"),
    "reveal": ("查看完整电话", WHY),
    "approval": ("确认补录协议", "补录待确认 → 已生效"),
    "second approval": ("确认或退回补充信息", "西安市"),
    "export": ("导出台账", "关键词：— → AG-001", "条数：— → 1"),
}


def scene_and_administrators() -> tuple[tuple[Side, Side], dict[str, User]]:
    sides = build()
    with transaction():
        office = sides[0].organisation
        roles = (Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)
        return sides, {str(role): make_user(role, organisation=office) for role in roles}


def newest(kind: type[Agreement] | type[Contact] | type[ImportBatch]) -> tuple[str, dict[str, str]]:
    """The public id of the last one entered, and its version as forms send it."""
    db.session.rollback()
    statement = select(kind.public_id, kind.row_version).order_by(kind.id.desc()).limit(1)
    with without_scope():
        public_id, version = db.session.execute(statement).one()
    return public_id, {"row_version": str(version)}


def post(client: Client, address: str, expected: int, **data: object) -> str:
    with client.post(address, data=data) as answer:
        text = answer.get_data(as_text=True)
        assert answer.status_code == expected, text
        return answer.location or text


def rows(page: str) -> list[tuple[int, str]]:
    """Number and text of every entry on the auditor's page."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    lines = [unescape(TAG.sub(" ", one)) for one in body.split("</tr>") if "<td" in one]
    return [(int(line.split()[0]), " ".join(line.split())) for line in lines]


def live_a_while(client: Client, bureau: Side, school: Side) -> str:
    """Imported, confirmed, supplemented, exported, a phone number looked at; the agreement's public id."""
    client.sign_in(bureau.handler)
    here = post(client, "/ledgers/agreement/import", 303, file=(io.BytesIO(book(HEAD, ROW)), "鞍山台账.xlsx"))
    work()
    post(client, f"{here}/confirm", 303, **newest(ImportBatch)[1])
    work()
    record = f"/agreements/{newest(Agreement)[0]}"
    organisation = f"/organisations/{school.organisation.public_id}/contacts"
    post(client, f"{organisation}/new", 303, name="测试联络人", phone=PHONE, purpose="AG-001联络")
    contact, _version = newest(Contact)
    assert MASKED in post(client, f"{organisation}/{contact}/reveal", 422, reason="")
    assert PHONE in post(client, f"{organisation}/{contact}/reveal", 200, reason=WHY)
    client.sign_in(bureau.section_head)
    post(client, f"{record}/confirm", 303, **newest(Agreement)[1])
    client.sign_in(bureau.handler)
    found = {"signing_place": "西安市", "source": "纸质协议"}
    post(client, f"{record}/supplement", 303, **newest(Agreement)[1], **found)
    client.sign_in(bureau.section_head)
    with without_scope():
        waiting = supplement.pending_of(db.session.scalars(select(Agreement)).one())
    assert waiting
    post(client, f"{record}/supplement/{waiting.public_id}/confirm", 303, **newest(Agreement)[1])
    post(client, "/ledgers/agreement/export?q=AG-001", 200, format="csv")
    return record


def tamper(seq: int, reason: str) -> None:
    """What somebody does who has the database itself, and knows how it is guarded."""
    with transaction():
        for statement in DROP_POSTGRESQL if db.engine.dialect.name == "postgresql" else DROP_SQLITE:
            db.session.execute(sql(statement))
        db.session.execute(
            sql("UPDATE audit_event SET reason = :reason WHERE seq = :seq"), {"reason": reason, "seq": seq}
        )


def test_trace_and_tamper(client: Client, begin_with: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    (bureau, school), administrators = begin_with(scene_and_administrators)
    clock = install(Clock(today() - LONG_AGO), monkeypatch)
    then = clock.today
    record = live_a_while(client, bureau, school)
    clock.pass_days(LONG_AGO.days)
    daily.enqueue_due()
    work()

    auditor, security, system = (administrators[name] for name in ("auditor", "security_admin", "system_admin"))
    client.sign_in(auditor)
    month = f"since={then.isoformat()}&until={(then + timedelta(days=1)).isoformat()}"
    found = rows(client.get(f"/audit?subject=AG-001&{month}").text)  # of eight months ago, after the daily clean-up
    seen = {what: [seq for seq, line in found if all(word in line for word in words)] for what, words in SEEN.items()}
    assert {what: len(seqs) for what, seqs in seen.items()} == dict.fromkeys(SEEN, 1), found
    assert PHONE not in str(found)
    assert "测试联络人" not in str(found)

    assert "审计链完整" in post(client, "/audit/check", 200)
    (reveal,) = seen["reveal"]
    tamper(reveal, "日常联系")
    assert f"审计链在第{reveal}条处断裂" in post(client, "/audit/check", 200)

    version = newest(Agreement)[1]
    with without_scope():
        party = db.session.scalars(select(Agreement)).one().parties[1].public_id
    for who in (auditor, security, system):
        client.sign_in(who)
        for verb in ("edit", "confirm", "clear", f"parties/{party}/approval", "suspend"):
            assert client.post(f"{record}/{verb}", data=version | {"title_zh": "改名"}).status_code == 403
        for page in ("/agreements", record, f"{record}/edit", "/search?q=西北工业"):
            told = client.get(page)
            assert told.status_code == 403, page
            assert AG_001["title_zh"] not in told.text
    assert client.get("/audit").status_code == 403  # nor is the audit the others' business
    db.session.rollback()
    with without_scope():
        one = db.session.scalars(select(Agreement)).one()
    assert (one.title_zh, one.status) == (AG_001["title_zh"], AgreementStatus.IN_FORCE)
