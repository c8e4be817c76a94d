"""What becomes of people when the record of their organisation is merged into another, and back. 人员随单位合并.

They keep their roles: these were granted in the same organisation, which was only entered twice. Everybody who moves
signs in again, since what they see is another matter from then on.
"""

from collections.abc import Iterator

from sqlalchemy import select, update

from ...core.db import db
from ...core.i18n import Message, msg
from ...organisations.repoint import (
    Merging,
    Moved,
    Pointer,
    Since,
    after_merging,
    after_parting,
    binds,
    follows,
    refuses,
)
from ..delegations import Delegation
from ..models import User, UserRole

USERS = "user.organisation"
CHUNK = 500

follows(Pointer(USERS, msg("People with an account"), User.organisation_id, is_theirs=True))
follows(Pointer("delegation.organisation", msg("Delegations"), Delegation.organisation_id))


@refuses("accounts")
def refuse_others_people(merging: Merging) -> Iterator[Message]:
    """People are moved by the organisation above theirs, not by whoever entered the record."""
    if merging.duplicate.is_overseen_by(merging.actor.organisation_id):
        return
    if db.session.scalar(select(User.id).where(User.organisation_id == merging.duplicate.id).limit(1)):
        yield msg("People have accounts there; the organisation above it merges it")


@after_merging("accounts")
@after_parting("accounts")
def sign_out(_merging: Merging, moved: Moved) -> None:
    """End the sessions of whoever moved; who never had a password keeps the invitation."""
    numbers = list(moved.get(USERS, ()))
    for start in range(0, len(numbers), CHUNK):
        chosen = (User.id.in_(numbers[start : start + CHUNK]), User.password_hash != "")
        raised = update(User).where(*chosen).values(security_epoch=User.security_epoch + 1)
        db.session.execute(raised, execution_options={"synchronize_session": False})
    db.session.flush()
    db.session.expire_all()


@binds("accounts")
def granted_since(since: Since) -> Iterator[Message]:
    """Roles that were granted in the survivor are not taken along to the other."""
    moved = since.moved.get(USERS, ())
    granted = select(UserRole.id).where(UserRole.user_id.in_(moved), UserRole.granted_at > since.moment)
    if moved and db.session.scalar(granted.limit(1)):
        yield msg("Roles were granted since to people who came with it; revoke them first")
