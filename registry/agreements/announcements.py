"""What people are told of an agreement's steps, and who: the one list of it. 协议消息.

Few on purpose: what waits for somebody stands in their to-do list anyway. Whoever did it is not told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..core.access.actions import Action
from ..core.access.decision import Actor
from ..core.access.roles import Role
from ..messages.enums import Topic
from ..messages.inputs import NewMessage
from ..messages.services import people_of, send_all
from .models import Agreement, RevisionStage

WORKING = frozenset({Role.HANDLER, Role.SECTION_HEAD, Role.LEADER})


@dataclass(frozen=True)
class Announcement:
    """Whose people are told what; `personal` only who handles it.

    `says_why` hands the reason on: never that of an organisation's own step, which is nobody else's business.
    """

    whose: Callable[[Agreement], set[int]]
    zh: str
    en: str
    personal: bool = False
    says_why: bool = False


def owner(agreement: Agreement) -> set[int]:
    """The organisation that keeps it."""
    return {agreement.owner_id}


def everybody(agreement: Agreement) -> set[int]:
    """Every party of the directory, and the owner."""
    return owner(agreement) | {party.organisation_id for party in agreement.parties_now if party.organisation_id}


def others(agreement: Agreement) -> set[int]:
    """Every party but the owner."""
    return everybody(agreement) - owner(agreement)


# By act, and where an act may lead to several steps, by the step that it led to.
ANNOUNCEMENTS: Mapping[tuple[Action, str], Announcement] = {
    (Action.AGREEMENT_CLEAR, RevisionStage.NEGOTIATION): Announcement(
        others, "协议《{title}》已送达，请研究答复", "Put before your organisation: {title}"
    ),
    (Action.AGREEMENT_REQUEST_CHANGES, ""): Announcement(
        owner,
        "对方对协议《{title}》提出意见，已退回起草",
        "The other side wants changes; back to draft: {title}",
        says_why=True,
    ),
    (Action.AGREEMENT_RETURN, ""): Announcement(
        owner, "协议《{title}》被退回修改", "Returned for correction: {title}", personal=True, says_why=True
    ),
    (Action.AGREEMENT_DECLINE, ""): Announcement(
        owner, "协议《{title}》被拒绝签署", "Signing was declined: {title}", says_why=True
    ),
    (Action.AGREEMENT_COMPLETE_SIGNING, ""): Announcement(
        everybody, "协议《{title}》已签署完成", "Signed by everybody: {title}"
    ),
}  # fmt: skip


def announce(
    agreement: Agreement,
    actor: Actor | None,
    action: Action | str,
    changes: Mapping[str, tuple[Any, Any]] | None,
    reason: str,
) -> None:
    """Tell of a step if it is on the list; called at the end of every change, in its transaction."""
    found = _announcement(action, changes or {})
    if found is None:
        return
    key = f"{action}:{agreement.public_id}:{agreement.row_version}"
    title = {"zh": agreement.title_zh, "en": agreement.title_en or agreement.title_zh}
    send_all(
        [
            NewMessage(
                recipient_id=recipient_id,
                topic=Topic.AGREEMENT,
                key=key,
                title_zh=found.zh.format(title=title["zh"]),
                title_en=found.en.format(title=title["en"]),
                body_zh=reason if found.says_why else "",
                subject_kind="agreement",
                subject_public_id=agreement.public_id,
                personal=found.personal,
            )
            for recipient_id in sorted(_recipients(found, agreement) - {actor.id if actor else 0})
        ]
    )


def _announcement(action: Action | str, changes: Mapping[str, tuple[Any, Any]]) -> Announcement | None:
    if not isinstance(action, Action):
        return None
    before, after = changes.get("stage") or changes.get("status") or ("", "")
    reached = str(after) if before != after else ""
    return ANNOUNCEMENTS.get((action, "")) or ANNOUNCEMENTS.get((action, reached))


def _recipients(found: Announcement, agreement: Agreement) -> set[int]:
    if found.personal:
        return {agreement.handler_id} if agreement.handler.organisation_id == agreement.owner_id else set()
    people = people_of(found.whose(agreement), WORKING)
    return {one for several in people.values() for one in several}
