"""Tables of the web plumbing: forms that were handled, and forms whose session had ended."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from .db import Model


class HandledRequest(Model):
    """A form that took effect, written in the transaction of its effect: sent again, it is answered, not repeated.

    `user_id` has no foreign key: users are a table of a package above. None for a form that nobody was signed in for.
    """

    __tablename__ = "handled_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)


class ParkedForm(Model):
    """What somebody typed into a form while their session ended; encrypted, kept for a day, for them alone.

    Only the SHA-256 of the token is stored that the address carries through the sign-in.
    """

    __tablename__ = "parked_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(String(500))
    data_encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(index=True)
