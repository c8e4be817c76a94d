"""A ceremony for tests: an event of the bureau with agreements of the scene."""

from datetime import date
from io import BytesIO

import pikepdf

from registry.agreements import queries
from registry.agreements.inputs import Opinion
from registry.agreements.inputs_events import EventDetails, ProgrammeRow
from registry.agreements.models import Agreement, AgreementParty, DocumentKind, LegalResult, SigningEvent
from registry.agreements.services import clearance, events, files, signing
from registry.core.dates import Precision
from registry.documents import store
from tests.agreements.scene import Scene
from tests.agreements.signed import render

PAST = EventDetails(
    title_zh="启动仪式（测试）",
    title_en="Launch (test)",
    held_on=date(2023, 3, 18),
    held_precision=Precision.DAY,
    place="沈阳市（人力资源服务产业园）",
    source="测试报道，2023年3月20日",
)
FUTURE = EventDetails(
    title_zh="校地集中签约（测试）",
    held_on=date(2099, 5, 4),
    held_precision=Precision.DAY,
    place="鞍山市",
    programme=(ProgrammeRow("签约", "09:00", "局长"),),
)


def make_event(scene: Scene, given: EventDetails = FUTURE, *agreements: Agreement) -> SigningEvent:
    """Entered by the bureau's handler, with agreements in order."""
    event = events.create(given, scene.bureau.handler)
    for agreement in agreements:
        events.add(event, agreement, scene.bureau.handler)
    return event


def with_copy(agreement: Agreement) -> bytes:
    """The signing copy, as the worker would keep it."""
    pdf = render(agreement)
    files.add(agreement, DocumentKind.SIGNING_COPY, store.save(pdf, "application/pdf"), "签署稿.pdf", None)
    return pdf


def printed(*copies: bytes) -> bytes:
    """What a scanner that writes PDFs would make of printed copies, one after another."""
    with pikepdf.new() as scan, BytesIO() as target:
        for copy in copies:
            with pikepdf.open(BytesIO(copy)) as opened:
                for page in opened.pages:
                    if "/Annots" in page:
                        del page["/Annots"]
                    scan.pages.append(page)
        scan.save(target)
        return target.getvalue()


def party(agreement: Agreement, position: int) -> AgreementParty:
    """By its place on the paper."""
    return next(one for one in agreement.parties if one.position == position)


def papers_of(agreement: Agreement) -> list[tuple[int | None, str]]:
    """Position of the party and file name of every scan that counts."""
    return [
        (row.party.position if row.party else None, row.filename)
        for row in queries.documents_of(agreement)
        if row.kind is DocumentKind.PARTY_SCAN and not row.void_reason
    ]


def signing_again(scene: Scene) -> Agreement:
    """Another agreement of the same parties that is being signed; that there is one already is known."""
    made = scene.draft()
    clearance.submit(made, scene.bureau.handler, duplicates_known=True)
    clearance.clear(made, Opinion("同意"), scene.bureau.section_head)
    clearance.clear(made, Opinion("合法", legal_result=LegalResult.LEGAL), scene.bureau.legal_officer)
    clearance.clear(made, Opinion("同意", minutes_number="党组会纪要〔2026〕7号"), scene.bureau.leader)
    clearance.clear(made, Opinion("同意"), scene.university.section_head)
    clearance.clear(made, Opinion("同意"), scene.university.leader)
    signing.start_signing(made, scene.bureau.leader)
    return made
