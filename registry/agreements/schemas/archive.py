"""What is typed when papers are filed, and the organisation's terms of retention."""

from typing import Any

from marshmallow import post_load

from ...core.web.schema import Choice, InputSchema, Text, Whole
from ..inputs import ArchiveDetails
from ..models import AgreementKind, Disclosure, Retention, Secrecy

MOST_ORIGINALS = 1_000


class ArchiveSchema(InputSchema):
    """How a signed paper is filed."""

    makes = ArchiveDetails

    archive_number = Text(60, required=True, attribute="number")
    retention = Choice(Retention, required=True)
    secrecy = Choice(Secrecy, required=True)
    disclosure = Choice(Disclosure, required=True)
    originals = Whole(0, MOST_ORIGINALS, required=True)
    place = Text(200, load_default="")


_Terms = InputSchema.from_dict({str(kind): Choice(Retention, required=True) for kind in AgreementKind}, name="_Terms")


class RetentionSchema(_Terms):  # type: ignore[misc, valid-type]  # made from the enum
    """A term for every kind of agreement."""

    @post_load
    def _by_kind(self, data: dict[str, Any], **_rest: Any) -> dict[AgreementKind, Retention]:
        return {AgreementKind(kind): term for kind, term in data.items()}
