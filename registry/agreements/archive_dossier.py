"""Everything that an archive package says, as plain data, taken once: when the papers are filed. 归档卷宗.

The package is made of this and of the stored files alone, so that it comes out the same whenever it is made again,
whatever became of the agreement since. Days and moments are ISO texts.
"""

import mimetypes
from collections.abc import Iterator, Sequence
from typing import Any

from asn1crypto import pem

from ..audit.plain import plain
from ..audit.queries import events_of
from ..core.access.actions import Action
from ..core.instance import settings
from ..documents.places import places
from ..documents.signing import NoSigningKey, own_signer
from ..documents.store import sm3
from ..documents.verdicts import own_trust
from . import content, policy, queries, record
from .models import (
    Agreement,
    AgreementDocument,
    AgreementRevision,
    ArchiveEntry,
    Clearance,
    PartyApproval,
    Signatory,
)

FORM = 1
Data = dict[str, Any]


def dossier_of(entry: ArchiveEntry) -> Data:
    """The dossier of an entry whose own fields are filled in."""
    agreement, revision = entry.agreement, entry.revision
    since = queries.previous_of(entry)
    said: Any = plain(
        {
            "form": FORM,
            "archive": _archive(entry),
            "agreement": _agreement(agreement, entry.revision),
            "revision": _revision(revision, since) if revision else None,
            "steps": list(map(_step, queries.owners_steps(agreement, revision, since))) if revision else [],
            "approvals": list(map(_approval, queries.approvals_of(revision))) if revision else [],
            "signatures": list(map(_signature, queries.signatories_of(revision))) if revision else [],
            "events": list(_events(agreement)),
            "files": list(_files(papers_of(entry))),
            "record": record.record_of(agreement, revision, settings().public_url).decode() if revision else "",
            "trust": list(_trust()),
        }
    )
    return dict(said)


def papers_of(entry: ArchiveEntry) -> list[AgreementDocument]:
    """The files of the revision that nobody marked void; of a historic record its sources."""
    return [
        row
        for row in queries.documents_of(entry.agreement)
        if row.revision_id == entry.revision_id and not row.void_reason
    ]


def _archive(entry: ArchiveEntry) -> Data:
    by = entry.archived_by
    return {
        "id": entry.public_id,
        "number": entry.number,
        "retention": entry.retention,
        "kept_until": entry.kept_until,
        "secrecy": entry.secrecy,
        "disclosure": entry.disclosure,
        "place": entry.place,
        "originals": entry.originals,
        "archived_at": entry.archived_at,
        "archived_by": by.name if by else "",
        "signed_on": entry.signed_on,
    }


def _agreement(agreement: Agreement, revision: AgreementRevision | None) -> Data:
    names = (
        "number", "kind", "title_zh", "title_en", "signed_on", "signed_precision", "effective_on", "expires_on",
        "open_ended", "signing_place", "source", "source_url", "is_demo",
    )  # fmt: skip
    parent = agreement.parent
    return {
        "registry_id": agreement.public_id,
        **{name: getattr(agreement, name) for name in names},
        "minutes_number": revision.minutes_number if revision else "",
        "minutes_on": revision.minutes_on if revision else None,
        "owner": agreement.owner.name_zh,
        "parties": [
            {"position": one.position, "role": one.role, "name": one.name, "name_en": one.snapshot_name_en}
            for one in agreement.parties
        ],
        "parent": {"registry_id": parent.public_id, "number": parent.number} if parent else None,
    }


def _revision(revision: AgreementRevision, previous: ArchiveEntry | None) -> Data:
    before = previous.revision if previous else None
    return {
        "id": revision.public_id,
        "no": revision.no,
        "kind": revision.kind,
        "hash_version": revision.hash_version,
        "content_sha256": revision.content_sha256,
        "content_sm3": sm3(content.canonical_bytes(revision.content)),
        "previous": {"id": before.public_id, "no": before.no, "archive_number": previous.number}
        if before and previous
        else None,
    }


def _step(row: Clearance) -> Data:
    return {
        "revision": row.revision.no,
        "step": row.step,
        "result": row.result,
        "legal_result": row.legal_result,
        "opinion": row.opinion,
        "by": row.decided_by.name if row.decided_by else "",
        "on_behalf_of": row.on_behalf_of.name if row.on_behalf_of else "",
        "at": row.decided_at,
    }


def _approval(row: PartyApproval) -> Data:
    return {
        "party": row.party.name,
        "verdict": row.verdict,
        "comment": row.comment,
        "content_sha256": row.content_sha256,
        "by": row.said_by.name,
        "at": row.said_at,
    }


def _signature(row: Signatory) -> Data:
    digital, seal = row.digital, row.seal_use
    return {
        "party": row.party.name,
        "name": row.name,
        "title": row.title,
        "is_proxy": row.is_proxy,
        "method": row.method,
        "status": row.status,
        "signed_on": row.signed_on,
        "reason": row.reason,
        "certificate": {
            "subject": digital.certificate.subject,
            "serial": digital.certificate.serial,
            "signed_at": digital.signed_at,
        }
        if digital
        else None,
        "seal": {
            "seal": seal.seal,
            "sealed_on": seal.sealed_on,
            "copies": seal.copies,
            "sealed_by": seal.sealed_by.name,
        }
        if seal
        else None,
    }


def _events(agreement: Agreement) -> Iterator[Data]:
    """The change log without downloads, without addresses, and without what others did among themselves."""
    for row in events_of("agreement", agreement.public_id, without=(Action.AGREEMENT_DOWNLOAD,)):
        if row.action in policy.INTERNAL and row.organisation_id != agreement.owner_id:
            continue
        yield {
            "seq": row.seq,
            "at": row.happened_at,
            "action": row.action,
            "succeeded": row.succeeded,
            "by": row.actor_name,
            "reason": row.reason,
            "changes": row.changes,
            "hash": row.hash,
        }


def _files(papers: Sequence[AgreementDocument]) -> Iterator[Data]:
    """Each file once, however many parties it counts for, under a plain name that every system can write."""
    by_digest: dict[str, list[AgreementDocument]] = {}
    for row in papers:
        by_digest.setdefault(row.file.sha256, []).append(row)
    for number, rows in enumerate(by_digest.values(), start=1):
        first = rows[0]
        yield {
            "name": f"files/{number:02}-{first.kind}{_extension(first)}",
            "kind": first.kind,
            "original_name": first.filename,
            "parties": [row.party.name for row in rows if row.party],
            "origin": first.origin,
            "media_type": first.file.media_type,
            "size": first.file.size,
            "sha256": first.file.sha256,
            "sm3": first.file.sm3,
            "added_at": first.added_at,
        }


def _extension(row: AgreementDocument) -> str:
    return mimetypes.guess_extension(row.file.media_type) or (".ofd" if "ofd" in row.file.media_type else ".bin")


def _trust() -> Iterator[Data]:
    """What the signatures inside the files can be judged by when this registry is gone."""
    for number, root in enumerate(own_trust().roots, start=1):
        yield {"name": f"trust/root-{number}.pem", "pem": pem.armor("CERTIFICATE", root).decode()}
    try:
        own = own_signer(places()).signing_cert
    except NoSigningKey:
        return
    if own:
        yield {"name": "trust/registry.pem", "pem": pem.armor("CERTIFICATE", own.dump()).decode()}
