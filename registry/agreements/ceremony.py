"""The pack for a ceremony: the order of signing, and the signing copies of what can be signed. 签约仪式材料包."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from ..core.access.decision import Actor
from ..core.dates import now, prose_date
from ..core.errors import Unmet
from ..core.i18n import Message, msg, speaking
from ..documents import store
from ..documents.data import Language
from ..documents.order_sheet import OrderRow, OrderSheet, Seat
from . import queries
from .labels import label, party_label
from .models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    AgreementStatus,
    PartyRole,
    Signatory,
    SigningEvent,
)
from .papers import WATERMARK

MOST_AGREEMENTS = 100
MOST_BYTES = 300 * 1024 * 1024
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\s]+')
SHEET_NAME = "00-签约顺序单.pdf"
LONGEST_TITLE = 60


def hindrance(agreement: Agreement, copy: AgreementDocument | None) -> Message | None:
    """Why the agreement cannot be signed at the table now; None when its copies are ready."""
    if agreement.status is not AgreementStatus.SIGNING:
        return msg("Not ready: its state is “%(state)s”", state=label(agreement.status))
    return None if copy else msg("Not ready: its signing copy is still being made")


def sheet(event: SigningEvent, actor: Actor, language: Language) -> OrderSheet:
    """The order of signing as far as the actor sees it."""
    programme = queries.programme_of(event, actor)
    copies = queries.signing_copies(programme.agreements)
    signatories = queries.signatories_by_agreement(programme.agreements)
    rows = [
        _row(order, one, signatories[one.id], hindrance(one, copies.get(one.id)))
        for order, one in enumerate(programme.agreements, start=1)
    ]
    return OrderSheet(
        title_zh=event.title_zh,
        title_en=event.title_en,
        day=prose_date(event.held_on, event.held_precision) if event.held_on else "",
        place=event.place,
        host=event.owner.name_zh,
        made_at=now(),
        programme=tuple((row["time"], row["item"], row["who"]) for row in event.programme),
        rows=tuple(rows),
        untold=programme.untold,
        language=language,
        watermark=WATERMARK if event.is_demo else "",
    )


def members(event: SigningEvent, actor: Actor) -> list[tuple[str, AgreementDocument]]:
    """The signing copies by their names in the pack, in the order of signing.

    Raises Unmet for more agreements or bytes than one pack may have.
    """
    agreements = queries.programme_of(event, actor).agreements
    if len(agreements) > MOST_AGREEMENTS:
        raise Unmet([msg("At most %(most)s agreements go into one pack", most=MOST_AGREEMENTS)])
    copies = queries.signing_copies([one for one in agreements if one.status is AgreementStatus.SIGNING])
    found = _named(agreements, copies)
    if sum(document.file.size for _, document in found) > MOST_BYTES:
        raise Unmet([msg("At most %(most)s MB go into one pack", most=MOST_BYTES // 1024 // 1024)])
    return found


def write_pack(order: bytes, files: Sequence[tuple[str, AgreementDocument]], made_at: datetime) -> IO[bytes]:
    """The archive in a temporary file, one document in memory at a time. The caller closes it.

    Raises Damaged for a stored file that is not what was stored.
    """
    target = TemporaryFile()  # noqa: SIM115 - the answer that streams it closes it
    with ZipFile(target, "w", ZIP_STORED) as archive:
        archive.writestr(_entry(SHEET_NAME, made_at), order)
        for name, document in files:
            archive.writestr(_entry(name, document.added_at), store.read(document.file))
    target.seek(0)
    return target


def _entry(name: str, moment: datetime) -> ZipInfo:
    entry = ZipInfo(name, moment.timetuple()[:6])
    entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Unix, wherever it is made
    return entry


def _named(
    agreements: Sequence[Agreement], copies: Mapping[int, AgreementDocument]
) -> list[tuple[str, AgreementDocument]]:
    return [
        (f"{order:02}-{UNSAFE.sub('_', one.number or one.public_id)}-{_short(one.title_zh)}.pdf", copies[one.id])
        for order, one in enumerate(agreements, start=1)
        if one.id in copies
    ]


def _short(title: str) -> str:
    return UNSAFE.sub("_", title)[:LONGEST_TITLE].strip("._")


def _row(order: int, agreement: Agreement, rows: Sequence[Signatory], why: Message | None) -> OrderRow:
    expected = {row.party_id: f"{row.name} {row.title}".strip() for row in rows}
    total, each = _copies(agreement)
    return OrderRow(
        order=order,
        number=agreement.number or "",
        title=agreement.title_zh,
        title_en=agreement.title_en,
        seats=tuple(
            _seat(party, expected.get(party.id, ""), in_order=agreement.signs_in_order)
            for party in agreement.parties
            if party.role is not PartyRole.WITNESS
        ),
        copies=f"共{total}份，各执{each}份" if total and each else "",
        copies_en=f"{total} in all, {each} each" if total and each else "",
        hindrance=_in_chinese(why) if why else "",
        hindrance_en=why.english if why else "",
    )


def _seat(party: AgreementParty, expected: str, *, in_order: bool) -> Seat:
    organisation = party.organisation
    return Seat(
        label=_in_chinese(party_label(party.position)),
        label_en=party_label(party.position).english,
        name=party.name,
        name_en=party.snapshot_name_en or (organisation.name_en if organisation else ""),
        signatory=expected or party.snapshot_representative,
        turn=party.position if in_order else 0,
    )


def _copies(agreement: Agreement) -> tuple[int | None, int | None]:
    revision = agreement.told_revision
    copies = (revision.content if revision else {}).get("copies") or {}
    return copies.get("total"), copies.get("each")


def _in_chinese(message: Message) -> str:
    with speaking("zh"):
        return str(message)
