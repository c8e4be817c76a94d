"""What is to be said of a registered paper beyond its bytes: what it is, whether it still counts. 核验说明."""

from collections.abc import Iterator, Mapping, Sequence

from ..core.i18n import Message, msg
from ..documents.verdicts import FileVerdict
from .known_signatures import KnownSignature, replaced, told_unknown, unknown
from .labels import label, party_label
from .models import AgreementStatus, ClosureOutcome, DocumentKind
from .verification import PublicFile, PublicRecord

NOT_SIGNED_YET = msg("The file is the unaltered signing copy; it carries no signatures yet")
SIGNED_ELSEWHERE = msg("The file is the unaltered signing copy; the signed paper is registered apart")
SIGNED_SO_FAR = msg("The file is a registered one, unaltered, with the signatures that were made so far")
SIGNED = msg("The file is the registered signed agreement, unaltered")
COPY = msg("The file is the registered copy, unaltered")
CLOSED = msg("The file is closed: any later change would be seen")
OPEN = msg("The file is still open: the registry has not closed it")
STATUS_NOTES: Mapping[AgreementStatus, Message] = {
    AgreementStatus.SIGNED: msg("The agreement is signed and not yet in force"),
    AgreementStatus.SUSPENDED: msg("The agreement is suspended"),
}
OUTCOME_NOTES: Mapping[ClosureOutcome, Message] = {
    ClosureOutcome.COMPLETED: msg("The agreement is no longer in force: it was completed"),
    ClosureOutcome.EXPIRED: msg("The agreement is no longer in force: it has expired"),
    ClosureOutcome.SUPERSEDED: msg("The agreement is no longer in force: another one has superseded it"),
    ClosureOutcome.TERMINATED: msg("The agreement is no longer in force: it was terminated"),
}


def what_it_is(found: PublicRecord, paper: PublicFile) -> Message:
    """The paper by its kind."""
    if paper.kind is DocumentKind.SIGNING_COPY:
        return NOT_SIGNED_YET if found.signing and paper.revision == found.signing else SIGNED_ELSEWHERE
    kinds = {DocumentKind.SIGNED_FILE: SIGNED_SO_FAR, DocumentKind.SIGNED_AGREEMENT: SIGNED}
    return kinds.get(paper.kind, COPY)


def voids(found: PublicRecord, paper: PublicFile) -> Iterator[Message]:
    """Why an unaltered paper proves nothing any more."""
    if found.is_withdrawn:
        yield msg("Signing was withdrawn: the paper is unaltered, but void")
    elif found.status is AgreementStatus.VOID:
        yield msg("The agreement is void")
    elif paper.is_void:
        yield msg("The file is unaltered, but it was marked void in the registry")


def notes(
    found: PublicRecord, paper: PublicFile, verdict: FileVerdict, known: Sequence[KnownSignature]
) -> list[Message]:
    """What its holder should know beside the verdict."""
    told = [*_of_status(found), *_of_revision(found, paper), *_of_newest(found, paper), *replaced(known)]
    if verdict.signatures:
        told += of_signing(verdict)
    strangers = unknown(verdict, known) if paper.kind is not DocumentKind.REGISTRY_COPY else ()
    return told + [told_unknown(one) for one in strangers]


def _of_status(found: PublicRecord) -> Iterator[Message]:
    if found.outcome:
        yield OUTCOME_NOTES[found.outcome]
    elif found.status in STATUS_NOTES:
        yield STATUS_NOTES[found.status]


def _of_revision(found: PublicRecord, paper: PublicFile) -> Iterator[Message]:
    if paper.revision and paper.revision < found.revision:
        yield msg(
            "The file is genuine, but superseded: it bears revision %(revision)s, and revision %(present)s replaced it",
            revision=paper.revision,
            present=found.revision,
        )
    elif paper.revision > found.revision:
        yield msg(
            "The paper bears revision %(revision)s, which is not in force; revision %(present)s is",
            revision=paper.revision,
            present=found.revision,
        )


def _of_newest(found: PublicRecord, paper: PublicFile) -> Iterator[Message]:
    """A signing copy or a half-signed file that others followed; the list of files is in order."""
    begun = (DocumentKind.SIGNING_COPY, DocumentKind.SIGNED_FILE)
    later = found.files[found.files.index(paper) + 1 :] if paper.kind in begun else ()
    newer = [file for file in later if file.revision == paper.revision and not file.is_void]
    if newer:
        yield msg(
            "Signatures were added later: the newest file is the %(kind)s with the digest %(digest)s…",
            kind=label(newer[-1].kind),
            digest=newer[-1].sha256[:16],
        )


def of_signing(verdict: FileVerdict) -> Iterator[Message]:
    """Whether the last word was spoken, and whose is still missing."""
    for position in verdict.unsigned:
        party = party_label(position)
        if verdict.closed:
            yield msg("%(party)s did not sign digitally in this file", party=party)
        else:
            yield msg("%(party)s has not signed in this file yet", party=party)
    if verdict.closed:
        yield CLOSED
    else:
        yield OPEN
