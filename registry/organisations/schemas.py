"""Outside → inputs, for forms, rows and programs alike. 输入校验."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load

from ..core.dates import Precision
from ..core.i18n import msg
from ..core.web.schema import Choice, Day, InputSchema, LongText, PartialDay, Text, Yes
from . import uscc
from .former import Span
from .inputs import (
    Closing,
    ContactDetails,
    FormerName,
    MergeOrder,
    NewOrganisation,
    OrganisationDetails,
    Renaming,
)
from .models import OrganisationKind, Tie

SHORTEST_NAME = 2
MOE_CODE = re.compile(r"\d{10}")  # validated by form only: prefixes are not always 41 + province
CHINESE = re.compile(r"[\u3400-\u9fff]")


class CreditCode(fields.Field[str]):
    """A unified social credit code with its check character; empty means none."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        code = uscc.normalise(str(value))
        if code and len(code) != uscc.BODY + 1:
            raise ValidationError(
                [msg("A unified social credit code has 18 characters; these are %(count)s", count=len(code))]
            )
        if code and not uscc.is_valid(code):
            raise ValidationError(
                [msg("The check character does not fit: compare each character with the certificate")]
            )
        return code or None


class MinistryCode(fields.Field[str]):
    """A ten-digit code of the Ministry of Education; empty means none."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        code = uscc.normalise(str(value))
        if code and not MOE_CODE.fullmatch(code):
            raise ValidationError([msg("A code of the Ministry of Education has ten digits")])
        return code or None


class ChineseName(Text):
    """A full name in Chinese."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> str:
        name = "".join(super()._deserialize(value, attr, data, **rest).split())
        if len(name) < SHORTEST_NAME or not CHINESE.search(name):
            raise ValidationError([msg("Write the full official name in Chinese")])
        return name


class DetailsSchema(InputSchema):
    """What can be edited of an organisation."""

    makes = OrganisationDetails

    kind = Choice(OrganisationKind, required=True)
    name_en = Text(load_default="")
    short_zh = Text(60, load_default="")
    short_en = Text(100, load_default="")
    uscc = CreditCode(load_default=None)
    moe_code = MinistryCode(load_default=None)
    region_code = Text(6, required=True)
    superior = Text(26, load_default="")
    superior_tie = Choice(Tie, load_default=None)
    address = Text(load_default="")
    authority = Text(60, load_default="")
    note = Text(1000, multiline=True, load_default="")


class EditSchema(DetailsSchema):
    """Details and whether they are still to be checked: gives (details, needs_check)."""

    needs_check = Yes()

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> Any:
        needs_check = data.pop("needs_check")
        return OrganisationDetails(**data), needs_check


class NewOrganisationSchema(DetailsSchema):
    """A new organisation."""

    name_zh = ChineseName(required=True)
    is_distinct = Yes()

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> NewOrganisation:
        name_zh, is_distinct = data.pop("name_zh"), data.pop("is_distinct")
        return NewOrganisation(name_zh, OrganisationDetails(**data), is_distinct)


class RenamingSchema(InputSchema):
    """A new name."""

    makes = Renaming

    name_zh = ChineseName(required=True)
    name_en = Text(load_default="")
    changed_on = Day(load_default=None)
    is_correction = Yes()


class FormerNameSchema(InputSchema):
    """A former name with its days."""

    name_zh = ChineseName(required=True)
    name_en = Text(load_default="")
    valid_from = PartialDay(load_default=(None, Precision.UNKNOWN))
    valid_to = PartialDay(load_default=(None, Precision.UNKNOWN))
    source = Text(500, load_default="")

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> FormerName:
        span = Span(*data["valid_from"], *data["valid_to"])
        return FormerName(data["name_zh"], data["name_en"], span, data["source"])


class MergingSchema(InputSchema):
    """Which record this one lives on in, why, and whose values stand: a field `choose_…` for each."""

    target = Text(26, required=True)
    reason = Text(1000, load_default="")
    seen = Text(64, load_default="")
    choose_uscc = Text(10, load_default="")
    choose_moe_code = Text(10, load_default="")
    choose_name_en = Text(10, load_default="")
    choose_short_zh = Text(10, load_default="")
    choose_short_en = Text(10, load_default="")
    choose_address = Text(10, load_default="")
    choose_authority = Text(10, load_default="")

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> MergeOrder:
        chosen = {name.removeprefix("choose_"): value for name, value in data.items() if name.startswith("choose_")}
        return MergeOrder(data["target"], data["reason"], chosen, data["seen"])


class ClosingSchema(InputSchema):
    """When and why it ceased to exist, and who goes on."""

    makes = Closing

    closed_on = Day(required=True)
    reason = Text(1000, required=True)
    successor = Text(26, load_default="")


class TieSchema(InputSchema):
    """Whom it belongs to as well, and how."""

    other = Text(26, required=True)
    tie = Choice(Tie, required=True)


class ReasonSchema(InputSchema):
    """Why."""

    reason = Text(required=True)


class AliasSchema(InputSchema):
    """A short form or spelling."""

    alias = Text(100, required=True)


class ContactSchema(InputSchema):
    """A work contact."""

    makes = ContactDetails

    name = Text(60, required=True)
    title = Text(80, load_default="")
    office = Text(120, load_default="")
    phone = Text(40, load_default="")
    purpose = Text(required=True)
    drop_phone = Yes()


class ArrangementSchema(InputSchema):
    """A year's arrangement as lines, read by `arrangement.read`; `seen` is the digest of the preview."""

    source = Text(200, required=True)
    lines = LongText(load_default="")
    seen = Text(64, load_default="")
