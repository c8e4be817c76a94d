"""People with passwords and second factors."""

from datetime import datetime

import pyotp

from registry.accounts import second_factor
from registry.accounts.models import User
from registry.accounts.passwords import hash_password
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import transaction
from registry.organisations.models import Organisation
from tests.factories import make_user

PASSWORD = "Plum-Bridge 47 lantern"
PASSWORD_HASH = hash_password(PASSWORD)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_person(*roles: Role, organisation: Organisation | None = None, **values: object) -> User:
    """A user who can sign in with PASSWORD; in a transaction of its own."""
    values.setdefault("password_hash", PASSWORD_HASH)
    with transaction():
        return make_user(*roles, organisation=organisation, name="", **values)


def with_second_factor(user: User) -> User:
    """Enrol SECRET for the user."""
    with transaction():
        user.totp_secret_encrypted = second_factor.seal(SECRET)
    return user


def present_code(moment: datetime | None = None) -> str:
    """What the app shows now."""
    return pyotp.TOTP(SECRET).at(moment or now())
