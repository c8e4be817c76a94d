"""The demonstration has a base that is kept up, and one whose term has ended."""

from registry.accounts.models import User
from registry.core.dates import today
from registry.demo.bases import enter_bases


def test_two_bases(people: dict[str, User]) -> None:
    kept, ended = enter_bases(people)
    assert kept.expires_on is not None
    assert ended.expires_on is not None
    assert ended.expires_on < today() < kept.expires_on
    assert ended.university_id == people["nwpu.handler"].organisation_id
