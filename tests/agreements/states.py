"""Every state that an agreement can be in, by name, and how to bring one there."""

from collections.abc import Callable
from datetime import timedelta

from registry.agreements import queries
from registry.agreements.inputs import HistoricRecord, NoticeDetails, Opinion, PartyLine, Term
from registry.agreements.models import Agreement, AgreementKind, LegalResult, PartyRole, RevisionKind
from registry.agreements.services import clearance, ending, entry, lifecycle, negotiation, signing
from registry.core.dates import today
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, stored, tomorrow
from tests.commitments.settled import waive_all
from tests.factories import make_organisation

Reach = Callable[[Scene], Agreement]
YES = Opinion("同意", minutes_number="党组会纪要〔2026〕7号")
LEGAL = Opinion("合法", legal_result=LegalResult.LEGAL)


def review_last(scene: Scene) -> Agreement:
    """Only the leader's step is left."""
    agreement = scene.review()
    clearance.clear(agreement, YES, scene.bureau.section_head)
    clearance.clear(agreement, LEGAL, scene.bureau.legal_officer)
    return agreement


def negotiation_last(scene: Scene) -> Agreement:
    """Only the other side's leader is waited for."""
    agreement = scene.negotiation()
    clearance.clear(agreement, Opinion("同意"), scene.university.section_head)
    return agreement


def signing_half(scene: Scene) -> Agreement:
    """The owner has signed."""
    agreement = scene.signing()
    scene.sign(agreement, scene.bureau, today())
    return agreement


def signing_declined(scene: Scene) -> Agreement:
    """The university does not want to."""
    agreement = scene.signing()
    revision = agreement.open_revision
    assert revision
    row = queries.signatories_of(revision)[1]
    signing.decline(agreement, row, "条款未妥", scene.university.leader)
    return agreement


def signed(scene: Scene) -> Agreement:
    """In force from tomorrow on."""
    agreement = scene.draft(term=Term(months=36, planned_effective_on=tomorrow()))
    scene.pass_review(agreement)
    scene.approve(agreement)
    scene.conclude(agreement)
    return agreement


def settled(scene: Scene) -> Agreement:
    """In force, and nothing of what it promises is open."""
    agreement = scene.in_force()
    waive_all(agreement)
    return agreement


def suspended(scene: Scene) -> Agreement:
    """Stopped for a while."""
    agreement = scene.in_force()
    lifecycle.suspend(agreement, "整改", scene.bureau.leader)
    return agreement


def noticed(scene: Scene) -> Agreement:
    """The university's notice has run out."""
    agreement = scene.signed_by_all(today() - timedelta(days=9))
    signing.complete_signing(agreement, scene.bureau.seal_keeper)
    given = NoticeDetails(agreement.parties[1].public_id, today() - timedelta(days=5), 3, "不再合作")
    ending.give_notice(agreement, given, stored(), "通知.pdf", scene.bureau.leader)
    return agreement


def closed(scene: Scene) -> Agreement:
    """Run out."""
    agreement = scene.in_force()
    assert agreement.expires_on
    lifecycle.expire(agreement.expires_on + timedelta(days=1))
    return agreement


def void(scene: Scene) -> Agreement:
    """Given up as a draft."""
    agreement = scene.draft()
    lifecycle.void(agreement, "不再办理", scene.bureau.leader)
    return agreement


def recorded(scene: Scene) -> Agreement:
    """Entered from a source by the handler."""
    lines = (
        PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),
        PartyLine(scene.university.organisation.public_id),
    )
    given = HistoricRecord(AgreementKind.FRAMEWORK, "补录的协议", lines, "报道", term=Term(open_ended=True))
    return entry.record(given, scene.bureau.handler)


def with_company(scene: Scene) -> Agreement:
    """The third party has nobody here; only its letter is missing."""
    company = make_organisation("鞍山测试企业有限公司", OrganisationKind.ENTERPRISE)
    lines = (*scene.draft_input().parties, PartyLine(company.public_id, representative="测试丙"))
    agreement = entry.register(scene.own_text(parties=lines, copies_total=6), scene.bureau.handler)
    scene.pass_review(agreement)
    scene.approve(agreement)
    return agreement


def signing_with_company(scene: Scene) -> Agreement:
    """The same, being signed."""
    agreement = with_company(scene)
    negotiation.approve_from_paper(agreement, agreement.parties[2], "复函", scene.bureau.leader)
    signing.start_signing(agreement, scene.bureau.leader)
    return agreement


def change_draft(scene: Scene) -> Agreement:
    """In force, and its amendment is drafted."""
    agreement = scene.in_force()
    scene.change(agreement, RevisionKind.AMENDMENT)
    entry.edit(agreement, scene.draft_input(term=Term(months=48)), scene.bureau.handler)
    return agreement


def change_review(scene: Scene) -> Agreement:
    """The amendment is reviewed by its own side."""
    agreement = change_draft(scene)
    clearance.submit(agreement, scene.bureau.handler)
    return agreement


def change_negotiation(scene: Scene) -> Agreement:
    """The amendment is before the parties."""
    agreement = change_draft(scene)
    scene.pass_review(agreement)
    return agreement


def change_approved(scene: Scene) -> Agreement:
    """Everybody approved the amendment."""
    agreement = change_negotiation(scene)
    scene.approve(agreement)
    return agreement


def change_signing(scene: Scene) -> Agreement:
    """The amendment is being signed."""
    agreement = change_approved(scene)
    signing.start_signing(agreement, scene.bureau.leader)
    return agreement


def change_signed_by_all(scene: Scene) -> Agreement:
    """Only the last click is missing."""
    agreement = change_signing(scene)
    for side in (scene.bureau, scene.university):
        scene.sign(agreement, side, today())
    return agreement


def change_stale(scene: Scene) -> Agreement:
    """Other terms came into force since it was drafted."""
    agreement = change_signed(scene)
    scene.change(agreement, RevisionKind.AMENDMENT)
    entry.edit(agreement, scene.draft_input(title_zh="新名称"), scene.bureau.handler)
    lifecycle.take_effect_of_changes(tomorrow())
    return agreement


def draft_with_gaps(scene: Scene) -> Agreement:
    """No term is given."""
    return scene.draft(term=Term())


def withdrawal(scene: Scene) -> Agreement:
    """A third party leaves, which is not the university's to approve."""
    agreement, _side = scene.in_force_of_three()
    scene.change(agreement, RevisionKind.WITHDRAWAL, leaving=frozenset({3}), arrangements="已办结")
    scene.pass_review(agreement)
    return agreement


def accession(scene: Scene) -> Agreement:
    """A company joins that has nobody here: the owner notes its letter."""
    agreement = scene.in_force_with_own_text()
    company = make_organisation("鞍山测试企业有限公司", OrganisationKind.ENTERPRISE)
    lines = (*scene.draft_input().parties, PartyLine(company.public_id, representative="测试丙"))
    scene.change(agreement, RevisionKind.ACCESSION)
    entry.edit(agreement, scene.own_text(parties=lines, copies_total=6), scene.bureau.handler)
    scene.pass_review(agreement)
    scene.approve(agreement)
    return agreement


def change_signed(scene: Scene) -> Agreement:
    """The amendment takes effect tomorrow."""
    agreement = scene.in_force()
    scene.amended(agreement, term=Term(months=48), effective_from=tomorrow())
    return agreement


FIRST: dict[str, Reach] = {
    "draft": Scene.draft,
    "review": Scene.review,
    "review_last": review_last,
    "negotiation": Scene.negotiation,
    "negotiation_last": negotiation_last,
    "approved": Scene.approved,
    "signing": Scene.signing,
    "signing_half": signing_half,
    "signing_declined": signing_declined,
    "signed_by_all": Scene.signed_by_all,
    "signed": signed,
    "in_force": Scene.in_force,
    "noticed": noticed,
    "suspended": suspended,
    "closed": closed,
    "void": void,
    "recorded": recorded,
}
CHANGES: dict[str, Reach] = {
    "change_draft": change_draft,
    "change_review": change_review,
    "change_negotiation": change_negotiation,
    "change_approved": change_approved,
    "change_signing": change_signing,
    "change_signed_by_all": change_signed_by_all,
    "change_signed": change_signed,
}
ODD: dict[str, Reach] = {
    "draft_with_gaps": draft_with_gaps,
    "with_company": with_company,
    "signing_with_company": signing_with_company,
    "settled": settled,
    "change_stale": change_stale,
    "withdrawal": withdrawal,
    "accession": accession,
}
