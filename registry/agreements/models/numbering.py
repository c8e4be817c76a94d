"""Numbers such as 鞍校地协〔2023〕1号: who uses which word, and one counter row for each series, never `max() + 1`.

A word (机关代字) belongs to one organisation, so a printed number names one paper in the whole registry. A series
is what is counted together in a year: one word, or all words of an organisation where it counts them in common.
"""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ...core.db import Model, Versioned, enum_type
from .enums import AgreementKind, SkipReason

COMMON = ""  # the series of an organisation that counts all of its words in common


class NumberPrefix(Model):
    """A word and the one organisation that numbers with it; kept as long as a number with it exists."""

    __tablename__ = "number_prefix"

    prefix: Mapped[str] = mapped_column(String(20), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)


class NumberScheme(Versioned, Model):
    """How an organisation numbers. Its row is locked while a number is given out or the scheme is changed."""

    __tablename__ = "number_scheme"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    prefix: Mapped[str] = mapped_column(ForeignKey("number_prefix.prefix"))
    in_common: Mapped[bool] = mapped_column(default=False)


class NumberKindPrefix(Model):
    """The word of one kind of agreement, where it is another than the organisation's."""

    __tablename__ = "number_kind_prefix"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[AgreementKind] = mapped_column(enum_type(AgreementKind), primary_key=True)
    prefix: Mapped[str] = mapped_column(ForeignKey("number_prefix.prefix"))


class NumberCounter(Model):
    """The last number of a series in a year; the next one is one above."""

    __tablename__ = "number_counter"

    issuer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(String(20), primary_key=True, default=COMMON)
    last: Mapped[int] = mapped_column(default=0)


class NumberSkip(Model):
    """Numbers that the registry never gives out, both ends included, and why: so a gap in the register is explained."""

    __tablename__ = "number_skip"
    __table_args__ = (
        CheckConstraint("first >= 1 AND last >= first", name="range"),
        Index("ix_number_skip_issuer_year", "issuer_id", "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    series: Mapped[str] = mapped_column(String(20), default=COMMON)
    first: Mapped[int]
    last: Mapped[int]
    reason: Mapped[SkipReason] = mapped_column(enum_type(SkipReason))
