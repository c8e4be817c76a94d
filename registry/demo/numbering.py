"""How the demonstration numbers: two words in the province, and a year that began on paper in Anshan."""

from ..accounts.models import User
from ..agreements.inputs import NumberRules
from ..agreements.models import AgreementKind
from ..agreements.services import number_rules
from ..core.db import transaction

WORD, BETWEEN_PROVINCES = "辽校地协", "辽省际协"
FIRST_IN_ANSHAN = 3  # 1 and 2 were given out on paper


def set_words(people: dict[str, User]) -> None:
    """Before anything is numbered; said by the section heads."""
    head = people["liaoning.section_head"]
    rules = NumberRules(WORD, {AgreementKind.STRATEGIC: BETWEEN_PROVINCES})
    with transaction():
        number_rules.set_rules(head.organisation, rules, 1, head)
    head = people["anshan.section_head"]
    with transaction():
        number_rules.set_start(head.organisation, "鞍校地协", FIRST_IN_ANSHAN, 1, head)
