"""The demonstration's ledger shows a row of each sort, and nothing of it is entered."""

from registry.accounts.models import User
from registry.demo.ledgers import enter_ledgers
from registry.ledgers.enums import BatchState


def test_a_row_of_each_sort(people: dict[str, User]) -> None:
    batch = enter_ledgers(people)
    assert batch.state is BatchState.CHECKED
    assert {state: number for state, number in batch.counts.items() if number} == {"new": 1, "doubtful": 1, "wrong": 1}
