"""Reading commitments, their periods, and the lists of an organisation. 承诺查询."""

from .single import KIND, LISTING, get_period, period_for_change, periods_of

__all__ = ["KIND", "LISTING", "get_period", "period_for_change", "periods_of"]
