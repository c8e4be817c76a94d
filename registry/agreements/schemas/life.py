"""What is typed to change, renew or end an agreement in force."""

from typing import Any

from marshmallow import fields, post_load
from marshmallow.validate import Length

from ...core.web.schema import Choice, Day, InputSchema, LongText, Text, Whole
from ..inputs import ChangeDetails, NoticeDetails
from ..models import RenewalDecision, RevisionKind
from .actions import MOST_PARTIES, REASON_LIMIT

ARRANGEMENTS_LIMIT = 5_000
LONGEST_NOTICE = 366


class ChangeSchema(InputSchema):
    """What a change is about; `leaving` are positions."""

    reason = LongText(REASON_LIMIT, load_default="")
    effective_from = Day(load_default=None)
    leaving = fields.List(fields.Integer(), load_default=list, validate=Length(max=MOST_PARTIES))
    arrangements = LongText(ARRANGEMENTS_LIMIT, load_default="")

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> Any:
        return ChangeDetails(**data | {"leaving": frozenset(data["leaving"])})


class NewChangeSchema(InputSchema):
    """Which kind of change is begun."""

    kind = Choice(RevisionKind, required=True)


class RenewalSchema(InputSchema):
    """The owner's decision about the end, with its reason."""

    decision = Choice(RenewalDecision, required=True)
    reason = LongText(REASON_LIMIT, load_default="")


class NoticeSchema(InputSchema):
    """A party's notice; its document comes beside."""

    makes = NoticeDetails

    party = Text(26, required=True)
    received_on = Day(required=True)
    notice_days = Whole(0, LONGEST_NOTICE, required=True)
    reason = LongText(REASON_LIMIT, load_default="")
