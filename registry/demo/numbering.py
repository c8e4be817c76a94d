"""The province numbers agreements between provinces with a word of their own, as its section head says."""

from ..accounts.models import User
from ..agreements.inputs import NumberRules
from ..agreements.models import AgreementKind
from ..agreements.services import number_rules
from ..core.db import transaction

WORD, BETWEEN_PROVINCES = "辽校地协", "辽省际协"


def set_words(people: dict[str, User]) -> None:
    """Before anything is numbered, so that the demonstration shows both words."""
    head = people["liaoning.section_head"]
    rules = NumberRules(WORD, {AgreementKind.STRATEGIC: BETWEEN_PROVINCES})
    with transaction():
        number_rules.set_rules(head.organisation, rules, 1, head)
