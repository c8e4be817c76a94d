"""What is typed beside the buttons of the lifecycle."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates
from marshmallow.validate import Length

from ...accounts.schemas import Secret
from ...core.i18n import msg
from ...core.web.schema import Choice, Day, InputSchema, LongText, Text, Whole, Yes
from ..inputs import DigitalDetails, Opinion, PaperDetails, SignatureDetails, SigningForm
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


class DigitalSignatureSchema(InputSchema):
    """A digital signature: who, over which bytes, looked at, with password and one-time code."""

    name = Text(60, required=True)
    title = Text(80, load_default="")
    is_proxy = Yes()
    reviewed_sha256 = Text(64, required=True)
    has_looked = Yes()
    current_password = Secret(required=True)
    code = Text(20, required=True, data_key="otp_code")

    @validates("has_looked")
    def _looked(self, value: bool, **_rest: Any) -> None:
        if not value:
            raise ValidationError([msg("Say that you have looked at the file before you sign it")])

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> Any:
        secrets = {name: data.pop(name) for name in ("current_password", "code")}
        del data["has_looked"]
        return SigningForm(DigitalDetails(**data), **secrets)


class UploadSchema(InputSchema):
    """What an uploaded paper is, and for which parties it counts."""

    makes = PaperDetails

    kind = Choice(DocumentKind, required=True)
    parties = fields.List(Text(32), load_default=list, validate=Length(max=MOST_PARTIES))
    checked_by_eye = Yes()
    origin = Text(100, load_default="")
