"""Outside → input dataclasses."""

from marshmallow import ValidationError, validates

from ..accounts.schemas import Secret
from ..core.i18n import msg
from ..core.web.schema import InputSchema, Text
from .inputs import BundleInput, TokenInput


class OrganisationSchema(InputSchema):
    """Whose certificate it is to be."""

    organisation = Text(26, required=True)


class BundleSchema(InputSchema):
    """Importing a PKCS#12 file. A file without a passphrase is not taken."""

    makes = BundleInput

    organisation = Text(26, required=True)
    passphrase = Secret(required=True)


class TokenSchema(InputSchema):
    """Registering a key on a token."""

    makes = TokenInput

    organisation = Text(26, required=True)
    token = Text(32, required=True)  # PKCS#11: 32 characters
    key_label = Text(100, required=True)

    @validates("token")
    def _without_slash(self, value: str, **_rest: object) -> None:
        """The row keeps "token/key"."""
        if "/" in value:
            raise ValidationError([msg("The label of a token may not contain “/”")])
