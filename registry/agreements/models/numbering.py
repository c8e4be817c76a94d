"""Numbers such as 鞍校地协〔2023〕1号: one counter row per issuer and year, never `max() + 1`."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ...core.db import Model


class NumberScheme(Model):
    """The word that an organisation's numbers begin with."""

    __tablename__ = "number_scheme"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    prefix: Mapped[str] = mapped_column(String(20))


class NumberCounter(Model):
    """The last number that an issuer gave out in a year."""

    __tablename__ = "number_counter"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
