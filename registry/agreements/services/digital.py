"""A party signs digitally: over exactly the bytes that its signatory was shown, with the organisation's certificate.

The slow part (`plan`, `make`) comes before the transaction; `sign` notes the result, and refuses when somebody else's
signature was faster: the file is then another one, and has to be looked at again. 电子签署.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.dates import SHANGHAI, now
from ...core.db import db
from ...core.errors import Conflict, Invalid, Stale
from ...core.i18n import Message, msg
from ...documents import certificates, produce, signing, store, verdicts
from ...documents.models import KeySource, SigningCertificate
from ...documents.signing import party_signatures
from ...documents.signing.party_signatures import Look, Request
from ...documents.verdicts import State
from .. import policy, queries
from ..inputs import DigitalDetails
from ..models import Agreement, AgreementDocument, DigitalSignature, DocumentKind, Signatory, SignatureMethod
from ..papers import field_of
from ..texts.checks import unprintable
from . import files, projection

NOT_MADE = msg("The signing copy is still being made; please try again in a moment")
NO_CERTIFICATE = msg("Your organisation has no certificate to sign with; ask the system administrator")
CHANGED = msg("Another signature was added meanwhile: look at the file again before you sign")
NOTICE = "DEVELOPMENT 开发证书，不具法律效力"


class NotSigned(Conflict):
    """The signature that was made does not hold; nothing was stored."""

    title = msg("The signature could not be made")


@dataclass(frozen=True)
class Plan:
    """What is signed, by whom, and with what; nothing has happened yet."""

    sha256: str
    field: str
    certificate: SigningCertificate
    content_sha256: str
    details: DigitalDetails
    moment: datetime
    organisation: str


def plan(agreement: Agreement, row: Signatory, details: DigitalDetails, actor: User) -> tuple[Plan, bytes]:
    """Check everything that can be checked before the signature; the bytes are those to sign.

    Raises Forbidden, Conflict (state, turn, no certificate), Stale for other bytes than were reviewed, Invalid by
    field.
    """
    policy.may_sign(actor, agreement, row, queries.awaited_of(row.revision)).enforce()
    _check(details)
    document = _file(row)
    if document.file.sha256 != details.reviewed_sha256:
        raise Stale(CHANGED)
    certificate = certificates.usable_for(actor.organisation_id)
    if certificate is None:
        raise Conflict(NO_CERTIFICATE)
    pdf = store.read(document.file)
    field = party_signatures.free_field(pdf, field_of(row.party))
    planned = Plan(
        sha256=document.file.sha256,
        field=field,
        certificate=certificate,
        content_sha256=row.revision.content_sha256,
        details=details,
        moment=now(),
        organisation=row.party.name,
    )
    return planned, pdf


def make(planned: Plan, pdf: bytes) -> bytes:
    """Slow: the file with the signature, judged before anybody relies on it.

    Raises NoSigningKey, CannotRender, NotSigned, Unavailable.
    """
    wanted = Request(
        field=planned.field,
        name=f"{planned.organisation} {planned.details.name}",
        reason=f"代表{planned.organisation}签署",
        look=_look(planned, pdf),
    )
    signer = signing.signer_for(planned.certificate)
    signed = party_signatures.sign(pdf, wanted, signer, signing.timestamper())
    _verify(planned, signed)
    return signed


def _verify(planned: Plan, signed: bytes) -> None:
    """A signature counts when everybody could verify it, over the text that the parties approved."""
    verdict = verdicts.judge(signed, verdicts.own_trust(certificates.revocations()))
    own = next((one for one in verdict.signatures if one.field == planned.field), None)
    if own is None:
        raise NotSigned
    if own.state is not State.VALID:
        raise NotSigned(msg("The signature could not be made: %(reason)s", reason=own.reasons[0]))
    if json.loads(verdict.record or b"{}").get("content_sha256") != planned.content_sha256:
        raise NotSigned(msg("The file to sign does not hold the text that the parties approved"))


def sign(agreement: Agreement, row: Signatory, planned: Plan, kept: store.Kept, actor: User) -> AgreementDocument:
    """Note the signature and its file.

    Raises Forbidden, Conflict, and Stale when the file to sign is another one by now.
    """
    policy.may_sign(actor, agreement, row, queries.awaited_of(row.revision)).enforce()
    if _file(row).file.sha256 != planned.sha256:
        raise Stale(CHANGED)
    if planned.certificate.revoked_at is not None:
        raise Conflict(NO_CERTIFICATE)
    row.is_proxy, row.method = planned.details.is_proxy, SignatureMethod.DIGITAL
    signed_on = planned.moment.astimezone(SHANGHAI).date()
    row.sign(planned.details.name, planned.details.title, signed_on, actor.id, planned.moment)
    name = files.paper_name(row.revision, "电子签署")
    document = files.add(agreement, DocumentKind.SIGNED_FILE, store.register(kept), name, actor)
    db.session.add(
        DigitalSignature(
            signatory=row,
            document=document,
            certificate=planned.certificate,
            field=planned.field,
            reviewed_sha256=planned.sha256,
            signed_by=actor,
            signed_at=planned.moment,
        )
    )
    changes = {
        "party": (None, row.party.name),
        "certificate": (None, planned.certificate.serial),
        "sha256": (planned.sha256, kept.sha256),
    }
    projection.settle(agreement, actor, Action.AGREEMENT_SIGN, changes)
    return document


def _file(row: Signatory) -> AgreementDocument:
    document = queries.file_to_sign(row.revision)
    if document is None:
        raise Conflict(NOT_MADE)
    return document


def _look(planned: Plan, pdf: bytes) -> bytes:
    """Nothing where the field is invisible: it replaces a signature that was voided and whose cell is taken."""
    size = party_signatures.field_size(pdf, planned.field)
    if size is None:
        return b""
    look = Look(
        organisation=planned.organisation,
        signatory=planned.details.name,
        title=planned.details.title,
        moment=planned.moment,
        certificate=planned.certificate.serial.upper(),
        notice=NOTICE if planned.certificate.source is KeySource.DEVELOPMENT else "",
        width_mm=size[0],
        height_mm=size[1],
    )
    return produce.render_look(look)


def _check(details: DigitalDetails) -> None:
    problems: dict[str, list[Message]] = {}
    for name in ("name", "title"):
        told = unprintable(getattr(details, name))
        if told:
            problems[name] = [told]
    if problems:
        raise Invalid(problems)
