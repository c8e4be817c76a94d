"""One agreement in each state, brought there by the people whose step it is; all fictional and marked 演示."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf

from ..accounts.models import User
from ..agreements import queries
from ..agreements.inputs import (
    ArchiveDetails,
    Draft,
    HistoricRecord,
    Opinion,
    PartyLine,
    SignatureDetails,
    Term,
)
from ..agreements.models import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Disclosure,
    DocumentKind,
    LegalResult,
    PartyRole,
    Retention,
    Secrecy,
    Signatory,
)
from ..agreements.services import archiving, clearance, entry, files, lifecycle, negotiation, signing
from ..core.dates import Precision, today
from ..core.db import db, transaction
from ..documents import scans, store, uploads
from ..jobs.leases import run_next
from .digital import sign_digitally
from .people import BUREAU, UNIVERSITY, organisation
from .stories import FOUR_DEPARTMENTS

YES = Opinion("同意。（演示）")
LEGAL = Opinion("审查意见：合法。（演示）", legal_result=LegalResult.LEGAL)
MINUTES = Opinion("同意。（演示）", minutes_number="演示会议纪要〔2026〕1号")
ARCHIVE = ArchiveDetails(
    number="演示·WS·0001",
    retention=Retention.PERMANENT,
    secrecy=Secrecy.INTERNAL,
    disclosure=Disclosure.ON_REQUEST,
    originals=2,
    place="演示：综合档案室",
)
SIGNED_AGO = timedelta(days=12)
NEXT_MONTH = timedelta(days=30)
TERM = Term(months=36)
VARIABLES = {
    "purpose_context": "更好服务鞍山产业发展和毕业生高质量就业",
    "key_industries": ["钢铁", "菱镁", "装备制造"],
    "key_disciplines": ["材料", "机械", "自动化"],
    "fairs_per_year": 2,
    "talks_per_year": 2,
    "posts_per_year": 500,
    "visits_per_year": 1,
    "meetings_per_year": 1,
    "annual_list_month": 1,
    "renewal_notice_days": 60,
    "termination_notice_days": 30,
}
STRATEGIC_VARIABLES = {
    "region_name": "东北三省一区",
    "subject": "高校毕业生就业",
    "background": "为服务东北全面振兴，便利高校毕业生在区域内就业（演示文本）",
    "joint_fairs_per_year": 2,
    "rotation_order": ["辽宁", "吉林", "黑龙江", "内蒙古"],
    "first_chair": "辽宁省人力资源和社会保障厅",
    "secretariat": "各方高校毕业生就业工作处室",
    "info_cycle": "每季度",
    "annual_meeting_month": 3,
    "withdrawal_days": 90,
}


class Cast:
    """The people, called by side and role, and what they do step by step, each step its own transaction."""

    def __init__(self, people: dict[str, User]) -> None:
        self.people = people

    def __call__(self, account: str) -> User:
        """A person by account."""
        return self.people[account]

    def draft(self, title: str, term: Term = TERM) -> Agreement:
        """A framework draft of the Anshan bureau with the university."""
        with transaction():
            return entry.register(framework(title, term), self("anshan.handler"), is_demo=True)

    def review(self, title: str, term: Term = TERM) -> Agreement:
        """Submitted; the same parties have others of the kind, which is known."""
        agreement = self.draft(title, term)
        with transaction():
            clearance.submit(agreement, self("anshan.handler"), duplicates_known=True)
        return agreement

    def negotiation(self, title: str, term: Term = TERM) -> Agreement:
        """Through the bureau's own review."""
        agreement = self.review(title, term)
        self.pass_review(agreement)
        return agreement

    def pass_review(self, agreement: Agreement) -> None:
        """The bureau's own steps."""
        self.clear(agreement, "anshan.section_head", YES)
        self.clear(agreement, "anshan.legal_officer", LEGAL)
        self.clear(agreement, "anshan.leader", MINUTES)

    def signing(self, title: str, term: Term = TERM) -> Agreement:
        """Approved by the university, signing begun, the signing copy made."""
        agreement = self.negotiation(title, term)
        self.approve_and_start(agreement)
        return agreement

    def approve_and_start(self, agreement: Agreement) -> None:
        """The university's steps, then signing."""
        self.clear(agreement, "nwpu.section_head", YES)
        self.clear(agreement, "nwpu.leader", YES)
        with transaction():
            signing.start_signing(agreement, self("anshan.leader"))
        work_off()

    def in_force(self, title: str, term: Term = TERM, ago: timedelta = SIGNED_AGO) -> Agreement:
        """Signed and sealed by both on paper so long ago; in force, or on the planned day."""
        agreement = self.signing(title, term)
        self.sign_on_paper(agreement, ago)
        return agreement

    def sign_on_paper(self, agreement: Agreement, ago: timedelta = SIGNED_AGO) -> None:
        """Both sign and seal what is being signed; the bureau completes it."""
        revision = agreement.open_revision
        scan = scan_of(agreement)
        for row, prefix in zip(queries.signatories_of(revision) if revision else (), ("anshan", "nwpu"), strict=True):
            self.sign(agreement, row, f"{prefix}.seal_keeper", scan, ago)
        with transaction():
            signing.complete_signing(agreement, self("anshan.seal_keeper"))
        work_off()

    def in_force_digitally(self, title: str) -> Agreement:
        """Signed digitally by both."""
        agreement = self.signing(title)
        sign_digitally(agreement, self("anshan.signatory"), "演示职务")
        sign_digitally(agreement, self("nwpu.signatory"), "演示职务")
        with transaction():
            signing.complete_signing(agreement, self("anshan.seal_keeper"))
        work_off()
        return agreement

    def sign(
        self, agreement: Agreement, row: Signatory, account: str, scan: bytes, ago: timedelta = SIGNED_AGO
    ) -> None:
        """Signature, seal and scan of one party."""
        day = today() - ago
        details = SignatureDetails(
            name=row.name or "演示·签字人", title="演示职务", signed_on=day, sealed_on=day, copies=2
        )
        with transaction():
            signing.record_signature(agreement, row, details, self(account))
        checked = uploads.inspect(scan, "演示扫描件.jpg")
        kept = store.put(scan, checked.media_type)
        with transaction():
            file = store.register(kept)
            kind = DocumentKind.PARTY_SCAN
            files.attach_for_party(agreement, row.party, kind, file, checked.filename, self(account))

    def clear(self, agreement: Agreement, account: str, opinion: Opinion) -> None:
        """One internal step."""
        with transaction():
            clearance.clear(agreement, opinion, self(account))

    def four_parties(self, title: str) -> Agreement:
        """A strategic agreement of four departments, three of which have no users: their approvals come by letter.

        The first has signed digitally; the others' papers are awaited.
        """
        lines = [PartyLine(organisation(name).public_id, representative="演示·负责人") for name in FOUR_DEPARTMENTS]
        given = Draft(
            kind=AgreementKind.STRATEGIC,
            title_zh=title,
            title_en="Demonstration strategic agreement",
            parties=(replace(lines[0], role=PartyRole.LEAD), *lines[1:]),
            template="strategic",
            variables=STRATEGIC_VARIABLES,
            term=TERM,
            copies_total=8,
            copies_each=2,
            signing_place="沈阳市",
        )
        with transaction():
            agreement = entry.register(given, self("liaoning.handler"), is_demo=True)
        with transaction():
            clearance.submit(agreement, self("liaoning.handler"), duplicates_known=True)
        self.clear(agreement, "liaoning.section_head", YES)
        self.clear(agreement, "liaoning.legal_officer", LEGAL)
        self.clear(agreement, "liaoning.leader", MINUTES)
        for party in agreement.parties[1:]:
            with transaction():
                negotiation.approve_from_paper(agreement, party, "复函表示同意（演示）", self("liaoning.leader"))
        with transaction():
            signing.start_signing(agreement, self("liaoning.leader"))
        work_off()
        sign_digitally(agreement, self("liaoning.signatory"), "演示职务")
        return agreement

    def historic(self, title: str, *, has_run_out: bool) -> Agreement:
        """A historic record, confirmed and expired, or still to be confirmed."""
        started = today().replace(year=today().year - 5, day=1)
        given = HistoricRecord(
            kind=AgreementKind.SCHOOL_LOCALITY,
            title_zh=title,
            title_en="Demonstration historic record",
            parties=(
                PartyLine(organisation(BUREAU).public_id, role=PartyRole.LEAD),
                PartyLine(organisation(UNIVERSITY).public_id),
            ),
            source="演示来源，非真实文件",
            number=f"演示〔{started.year}〕{1 + has_run_out}号",
            signed_on=started,
            signed_precision=Precision.DAY,
            effective_on=started,
            term=TERM,
            signing_place="鞍山市",
        )
        with transaction():
            agreement = entry.record(given, self("anshan.handler"), is_demo=True)
        if has_run_out:
            with transaction():
                entry.confirm(agreement, self("anshan.section_head"))
        return agreement

    def suspended(self, title: str) -> Agreement:
        """In force, its papers archived, then suspended."""
        agreement = self.in_force(title)
        self.archive(agreement)
        with transaction():
            lifecycle.suspend(agreement, "演示：对方机构调整，暂缓履行", self("anshan.leader"))
        return agreement

    def archive(self, agreement: Agreement) -> None:
        """Filed for good; its package made."""
        with transaction():
            (entry,) = queries.entries_of(agreement)
            archiving.archive(entry, ARCHIVE, self("anshan.handler"))
        work_off()

    def void(self, title: str) -> Agreement:
        """Given up in review."""
        agreement = self.review(title)
        with transaction():
            lifecycle.void(agreement, "演示：不再推进", self("anshan.leader"))
        return agreement


def framework(title: str, term: Term = TERM) -> Draft:
    """A framework of the Anshan bureau with the university, as a clerk would hand it in."""
    lines = (
        PartyLine(organisation(BUREAU).public_id, role=PartyRole.LEAD, representative="演示·局长"),
        PartyLine(organisation(UNIVERSITY).public_id, representative="演示·校长"),
    )
    return Draft(
        kind=AgreementKind.FRAMEWORK,
        title_zh=title,
        title_en="Demonstration framework agreement",
        parties=lines,
        template="framework",
        variables=VARIABLES,
        term=term,
        copies_total=4,
        copies_each=2,
        signing_place="鞍山市",
    )


def enter_states(people: dict[str, User]) -> dict[AgreementStatus, Agreement]:
    """One agreement in each state."""
    cast = Cast(people)
    ways: dict[AgreementStatus, Callable[[str], Agreement]] = {
        AgreementStatus.DRAFT: cast.draft,
        AgreementStatus.REVIEW: cast.review,
        AgreementStatus.NEGOTIATION: cast.negotiation,
        AgreementStatus.SIGNING: cast.four_parties,
        AgreementStatus.SIGNED: lambda title: cast.in_force(title, Term(36, planned_effective_on=today() + NEXT_MONTH)),
        AgreementStatus.IN_FORCE: cast.in_force_digitally,
        AgreementStatus.SUSPENDED: cast.suspended,
        AgreementStatus.CLOSED: lambda title: cast.historic(title, has_run_out=True),
        AgreementStatus.VOID: cast.void,
        AgreementStatus.RECORDED_PENDING: lambda title: cast.historic(title, has_run_out=False),
    }
    return {status: make(f"演示协议：{TITLES[status]}") for status, make in ways.items()}


TITLES = {
    AgreementStatus.DRAFT: "草稿",
    AgreementStatus.REVIEW: "内部审核",
    AgreementStatus.NEGOTIATION: "会商",
    AgreementStatus.SIGNING: "四方战略合作协议签署中",
    AgreementStatus.SIGNED: "已签待生效",
    AgreementStatus.IN_FORCE: "已生效",
    AgreementStatus.SUSPENDED: "中止",
    AgreementStatus.CLOSED: "已到期",
    AgreementStatus.VOID: "作废",
    AgreementStatus.RECORDED_PENDING: "补录待确认",
}


def scan_of(agreement: Agreement) -> bytes:
    """What a scanner would make of the last page of the printed signing copy."""
    made = next(row for row in queries.documents_of(agreement) if row.kind is DocumentKind.SIGNING_COPY)
    return scans.page_images(_as_printed(store.read(made.file)))[-1].jpeg


def _as_printed(pdf: bytes) -> bytes:
    """Paper does not carry the embedded record."""
    with pikepdf.open(BytesIO(pdf)) as opened, BytesIO() as printed:
        for name in list(opened.attachments):
            del opened.attachments[name]
        holders: tuple[tuple[Any, str], ...] = (
            (opened.Root, "/AF"),
            (opened.Root.get("/Names", {}), "/EmbeddedFiles"),
        )
        for holder, key in holders:
            if key in holder:
                del holder[key]
        opened.save(printed)
        return printed.getvalue()


def work_off() -> None:
    """Do the jobs that wait, as the worker would."""
    while run_next():
        db.session.rollback()
