"""What is typed beside the buttons of the lifecycle."""

from marshmallow import fields
from marshmallow.validate import Length

from ...core.web.schema import Choice, Day, InputSchema, LongText, Text, Whole, Yes
from ..inputs import Opinion, PaperDetails, SignatureDetails
from ..models import DocumentKind, LegalResult, SealKind, SignatureMethod, Verdict

REASON_LIMIT = 1_000
OPINION_LIMIT = 2_000
MOST_PARTIES = 20


class ReasonSchema(InputSchema):
    """A reason and nothing else; the services say whether it may be empty."""

    reason = LongText(REASON_LIMIT, load_default="")


class CommentSchema(InputSchema):
    """A party's verdict with its comment."""

    verdict = Choice(Verdict, load_default=None)
    comment = LongText(OPINION_LIMIT, load_default="")


class OpinionSchema(InputSchema):
    """One clearance step."""

    makes = Opinion

    opinion = LongText(OPINION_LIMIT, load_default="", attribute="text")
    legal_result = Choice(LegalResult, load_default=None)
    skip_legality_review = Yes()
    minutes_number = Text(100, load_default="")
    minutes_on = Day(load_default=None)


class SignatureSchema(InputSchema):
    """One signature and use of the seal."""

    makes = SignatureDetails

    name = Text(60, required=True)
    title = Text(80, load_default="")
    is_proxy = Yes()
    method = Choice(SignatureMethod, load_default=SignatureMethod.WET_INK)
    signed_on = Day(required=True)
    sealed_on = Day(required=True)
    seal = Choice(SealKind, required=True)
    copies = Whole(1, 100, required=True)


class UploadSchema(InputSchema):
    """What an uploaded paper is, and for which parties it counts."""

    makes = PaperDetails

    kind = Choice(DocumentKind, required=True)
    parties = fields.List(Text(32), load_default=list, validate=Length(max=MOST_PARTIES))
    checked_by_eye = Yes()
    origin = Text(100, load_default="")
