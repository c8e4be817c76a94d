"""Messages to the other side of a promise, in the transaction of the act. 告知对方."""

from ...accounts.models import User
from ...core.access.roles import Role
from ...core.i18n import Message, msg, speaking
from ...messages.enums import Topic
from ...messages.services import tell
from ..enums import EventKind, Part
from ..models import Commitment, CommitmentPeriod, PeriodEvent

LATELY = 200  # characters of a remark or reason
WORKING = (Role.HANDLER, Role.SECTION_HEAD)
DECIDING = (Role.SECTION_HEAD, Role.LEADER)
TOLD = {
    EventKind.REPORTED: msg("Reported, please verify: %(title)s"),
    EventKind.CLOSE_REQUESTED: msg("Close-out requested, please verify: %(title)s"),
    EventKind.VERIFIED: msg("Verified: %(title)s"),
    EventKind.SENT_BACK: msg("Sent back: %(title)s"),
    EventKind.DISPUTED: msg("Disputed: %(title)s"),
    EventKind.ANSWERED: msg("Dispute answered: %(title)s"),
    EventKind.SAID: msg("Remark: %(title)s"),
    EventKind.WAIVER_ASKED: msg("Waiver asked for: %(title)s"),
    EventKind.WAIVER_GRANTED: msg("Waiver agreed to: %(title)s"),
    EventKind.WAIVER_REFUSED: msg("Waiver refused or taken back: %(title)s"),
    EventKind.REOPENED: msg("Reopened: %(title)s"),
}
PROPOSED, ACCEPTED = msg("Marked as a promise, please accept: %(title)s"), msg("Accepted as a promise: %(title)s")
DECLINED = msg("Declined as a promise: %(title)s")


def tell_of(event: PeriodEvent, period: CommitmentPeriod, actor: User) -> None:
    """Tell everybody who works on it at the other organisations that take part what somebody did."""
    roles = DECIDING if event.kind is EventKind.WAIVER_ASKED else WORKING
    _tell(period.commitment, TOLD[event.kind], event.public_id, actor, event.note, roles)


def tell_of_mark(commitment: Commitment, words: Message, actor: User, note: str = "") -> None:
    """The same of a promise that was marked, accepted or declined."""
    key = f"{commitment.public_id}:{commitment.row_version}"
    _tell(commitment, words, key, actor, note, DECIDING if words is PROPOSED else WORKING)


def _tell(commitment: Commitment, words: Message, key: str, actor: User, note: str, roles: tuple[Role, ...]) -> None:
    named = commitment.having(Part.OBLIGOR) | commitment.having(Part.BENEFICIARY)
    titles = {}
    for language, title in (("zh", commitment.title_zh), ("en", commitment.title_en or commitment.title_zh)):
        with speaking(language):
            titles[language] = str(Message(words.key, {"title": title}))
    by = {"zh": actor.organisation.name_zh, "en": actor.organisation.name_en or actor.organisation.name_zh}
    said = note.strip()[:LATELY]
    tell(
        sorted(named - {actor.organisation_id}),
        roles,
        topic=Topic.COMMITMENT,
        key=f"commitment:{key}",
        title_zh=titles["zh"],
        title_en=titles["en"],
        body_zh="\n".join(part for part in (by["zh"], said) if part),
        body_en="\n".join(part for part in (by["en"], said) if part),
        subject_kind=commitment.kind_code,
        subject_public_id=commitment.public_id,
    )
