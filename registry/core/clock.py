"""The clock inside of statements: one is written once, and looks at the clock each time that it is asked. 时钟."""

from datetime import date, datetime, timedelta

from sqlalchemy import BindParameter, Date, bindparam

from .dates import now, today
from .db import UTCDateTime


def day(later: int = 0) -> BindParameter[date]:
    """Today in Shanghai, or so many days later."""
    return bindparam(None, callable_=lambda: today() + timedelta(days=later), type_=Date())


def moment() -> BindParameter[datetime]:
    """This moment."""
    return bindparam(None, callable_=now, type_=UTCDateTime())
