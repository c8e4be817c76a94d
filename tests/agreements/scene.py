"""A bureau and a university with everybody who works on an agreement, and ways to bring one to any state."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from registry.accounts.models import User
from registry.agreements import queries
from registry.agreements.inputs import ArticleText, ChangeDetails, Draft, Opinion, PartyLine, SignatureDetails, Term
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementRevision,
    DocumentKind,
    LegalResult,
    PartyRole,
    RevisionKind,
    SignatoryStatus,
)
from registry.agreements.services import clearance, entry, files, revising, signing
from registry.core.access.roles import Role
from registry.core.dates import now, today
from registry.core.db import db
from registry.documents.models import StoredFile
from registry.organisations.models import Organisation, OrganisationKind
from tests.factories import make_organisation, make_region, make_staff

STAFF = (
    Role.HANDLER, Role.SECTION_HEAD, Role.LEGAL_OFFICER, Role.LEADER, Role.SIGNATORY, Role.SEAL_KEEPER,
)  # fmt: skip
VARIABLES = {
    "purpose_context": "更好服务产业发展和毕业生就业",
    "key_industries": "钢铁、菱镁",
    "key_disciplines": "材料、机械",
    "fairs_per_year": "2",
    "talks_per_year": "2",
    "visits_per_year": "1",
    "meetings_per_year": "1",
    "annual_list_month": "1",
    "renewal_notice_days": "60",
    "termination_notice_days": "30",
}


@dataclass
class Side:
    """An organisation with one person per role."""

    organisation: Organisation
    people: dict[Role, User]

    def __getattr__(self, name: str) -> User:
        """`side.leader` is its leader."""
        if name.startswith("__"):
            raise AttributeError(name)  # what copies an object asks for such names
        return self.people[Role(name)]


def make_side(name_zh: str, kind: OrganisationKind, region: str = "210300", roles: tuple[Role, ...] = STAFF) -> Side:
    """The organisation and its staff."""
    places = {"210300": ("鞍山市", "Anshan"), "610100": ("西安市", "Xi'an")}
    organisation = make_organisation(name_zh, kind, make_region(region, *places[region]))
    return Side(organisation, make_staff(organisation, *roles))


@dataclass
class Scene:
    """Both sides; the bureau owns the agreements."""

    bureau: Side
    university: Side

    def draft_input(self, **changes: object) -> Draft:
        """A complete framework draft."""
        lines = (
            PartyLine(self.bureau.organisation.public_id, role=PartyRole.LEAD, representative="测试甲 局长"),
            PartyLine(self.university.organisation.public_id, representative="测试乙 校长"),
        )
        draft = Draft(
            kind=AgreementKind.FRAMEWORK,
            title_zh="鞍山市与西北工业大学校地合作框架协议",
            parties=lines,
            template="framework",
            variables=VARIABLES,
            term=Term(months=36),
            copies_total=4,
            copies_each=2,
            signing_place="鞍山市",
        )
        return replace(draft, **changes)  # type: ignore[arg-type]  # any field of the draft

    def draft(self, **changes: object) -> Agreement:
        """A draft of the bureau's handler."""
        return entry.register(self.draft_input(**changes), self.bureau.handler)

    def review(self) -> Agreement:
        """Submitted."""
        agreement = self.draft()
        clearance.submit(agreement, self.bureau.handler)
        return agreement

    def negotiation(self) -> Agreement:
        """Through the bureau's own review."""
        agreement = self.review()
        clearance.clear(agreement, Opinion("同意"), self.bureau.section_head)
        clearance.clear(agreement, Opinion("合法", legal_result=LegalResult.LEGAL), self.bureau.legal_officer)
        clearance.clear(agreement, Opinion("同意", minutes_number="党组会纪要〔2026〕7号"), self.bureau.leader)
        return agreement

    def approved(self) -> Agreement:
        """Approved by the university as well."""
        agreement = self.negotiation()
        clearance.clear(agreement, Opinion("同意"), self.university.section_head)
        clearance.clear(agreement, Opinion("同意"), self.university.leader)
        return agreement

    def signing(self) -> Agreement:
        """Being signed."""
        agreement = self.approved()
        signing.start_signing(agreement, self.bureau.leader)
        return agreement

    def signed_by_all(self, on: date | None = None) -> Agreement:
        """Every signature, seal and scan is there; only the last click is missing."""
        agreement = self.signing()
        for side in (self.bureau, self.university):
            self.sign(agreement, side, on or today())
        return agreement

    def in_force(self) -> Agreement:
        """In force since today."""
        agreement = self.signed_by_all()
        signing.complete_signing(agreement, self.bureau.seal_keeper)
        return agreement

    def own_text(self, **changes: object) -> Draft:
        """A draft with a text of its own, which any number of parties may join."""
        article = ArticleText("1", "一、合作内容", "各方互通岗位与生源信息。")
        mine = {"template": "", "variables": {}, "articles": (article,), "kind": AgreementKind.STRATEGIC}
        return self.draft_input(**(mine | changes))

    def brought_in_force(self, draft: Draft, *others: Side) -> Agreement:
        """A draft through every lane; signed by the bureau and the others."""
        agreement = entry.register(draft, self.bureau.handler)
        self.pass_review(agreement)
        self.approve(agreement, *others)
        self.conclude(agreement, self.bureau, *others)
        return agreement

    def in_force_with_own_text(self) -> Agreement:
        """Two parties, a text of their own."""
        return self.brought_in_force(self.own_text(), self.university)

    def in_force_of_three(self) -> tuple[Agreement, Side]:
        """Three parties, the third of which may leave."""
        side = make_side("东北大学", OrganisationKind.UNIVERSITY)
        lines = (*self.draft_input().parties, PartyLine(side.organisation.public_id, representative="测试丙"))
        draft = self.own_text(parties=lines, copies_total=6)
        return self.brought_in_force(draft, self.university, side), side

    def change(self, agreement: Agreement, kind: RevisionKind, **about: object) -> AgreementRevision:
        """A change of an agreement in force, drafted by the bureau's handler."""
        given = ChangeDetails(**({"reason": "情况变化"} | about))  # type: ignore[arg-type]  # any field of the details
        return revising.begin(agreement, kind, given, self.bureau.handler)

    def pass_review(self, agreement: Agreement) -> None:
        """Submit what is drafted and take it through the bureau's own steps, before the parties."""
        clearance.submit(agreement, self.bureau.handler, duplicates_known=True)
        clearance.clear(agreement, Opinion("同意"), self.bureau.section_head)
        clearance.clear(agreement, Opinion("合法", legal_result=LegalResult.LEGAL), self.bureau.legal_officer)
        clearance.clear(agreement, Opinion("同意", minutes_number="党组会纪要〔2026〕8号"), self.bureau.leader)

    def approve(self, agreement: Agreement, *sides: Side) -> None:
        """The other sides' own steps: they approve the present text."""
        for side in sides or (self.university,):
            clearance.clear(agreement, Opinion("同意"), side.section_head)
            clearance.clear(agreement, Opinion("同意"), side.leader)

    def conclude(self, agreement: Agreement, *sides: Side, on: date | None = None) -> None:
        """Begin signing, all sign and seal, the bureau completes it."""
        signing.start_signing(agreement, self.bureau.leader)
        for side in sides or (self.bureau, self.university):
            self.sign(agreement, side, on or today())
        signing.complete_signing(agreement, self.bureau.seal_keeper)

    def amended(self, agreement: Agreement, **changes: object) -> AgreementRevision:
        """An amendment with these changes of the draft, in force (or waiting for its day)."""
        about = {"effective_from": changes.pop("effective_from", None)}
        revision = self.change(agreement, RevisionKind.AMENDMENT, **about)
        entry.edit(agreement, self.draft_input(**changes), self.bureau.handler)
        self.pass_review(agreement)
        self.approve(agreement)
        self.conclude(agreement)
        return revision

    def sign(self, agreement: Agreement, side: Side, on: date) -> None:
        """The side's seal keeper notes signature and seal, and attaches the scan."""
        revision = agreement.open_revision
        assert revision
        row = next(
            row
            for row in queries.signatories_of(revision)
            if row.party.organisation_id == side.organisation.id and row.status is SignatoryStatus.PENDING
        )
        signing.record_signature(agreement, row, details(on), side.seal_keeper)
        files.attach_for_party(agreement, row.party, DocumentKind.PARTY_SCAN, stored(), "扫描件.pdf", side.seal_keeper)


def make_scene() -> Scene:
    """Anshan and Northwestern Polytechnical University; the caller holds the transaction."""
    return Scene(
        make_side("鞍山市人力资源和社会保障局", OrganisationKind.HR_BUREAU),
        make_side("西北工业大学", OrganisationKind.UNIVERSITY, "610100"),
    )


def details(on: date, **changes: object) -> SignatureDetails:
    """A plain signature on a day."""
    given = SignatureDetails(name="测试签字人", title="局长", signed_on=on, sealed_on=on, copies=2)
    return replace(given, **changes)  # type: ignore[arg-type]  # any field of the details


def stored() -> StoredFile:
    """A stored file's row; its bytes do not matter here."""
    number = db.session.query(StoredFile).count()
    file = StoredFile(sha256=f"{number:064x}", size=1, media_type="application/pdf", created_at=now())
    db.session.add(file)
    db.session.flush()
    return file


def tomorrow() -> date:
    """The day after today in Shanghai."""
    return today() + timedelta(days=1)
