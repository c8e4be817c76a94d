"""How an organisation numbers: its words, what is counted together, where this year's count begins. 编号规则.

Changes never touch numbers given out: they apply to the next one, and another way of counting to the next year as soon
as this year has a number.
"""

import re
from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified

from ...accounts.models import User
from ...audit.queries import history_of
from ...audit.services import record
from ...core.access.actions import Action
from ...core.dates import today
from ...core.db import db
from ...core.errors import Conflict, Invalid, NotFound, Stale
from ...core.i18n import Message, msg
from ...organisations.models import Organisation
from .. import policy, queries
from ..inputs import NumberRules
from ..models import AgreementKind, NumberCounter, NumberKindPrefix, NumberScheme, NumberSkip, SkipReason
from ..texts.checks import unprintable
from . import numbering, prefixes

# Chinese characters (with extension A and 〇), Latin letters, digits; brackets come from the registry.
PREFIX = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fffA-Za-z0-9]{1,20}")
LAST_CHANGES = 5


def set_rules(organisation: Organisation, given: NumberRules, version: int, actor: User) -> None:
    """Take other words, or another way of counting.

    Raises Forbidden, Conflict for an organisation that has ended, Stale, Invalid by field for a word that is not one
    or that another organisation numbers with.
    """
    scheme = _begin(organisation, version, actor)
    before = queries.rules_of(organisation)
    kinds = {kind: word for kind, word in given.kinds.items() if word and word != given.prefix}
    _take_words(organisation, given.prefix, kinds)
    if scheme.in_common != given.in_common:
        _forget_unused_counters(organisation)
    scheme.prefix, scheme.in_common = given.prefix, given.in_common
    db.session.execute(delete(NumberKindPrefix).where(NumberKindPrefix.organisation_id == organisation.id))
    for kind, word in kinds.items():
        db.session.add(NumberKindPrefix(organisation_id=organisation.id, kind=kind, prefix=word))
    _close(scheme)
    prefixes.release_unused(organisation, queries.rules_of(organisation).prefixes)
    changes = {
        "number_prefixes": (_in_words(before.prefix, before.kinds), _in_words(given.prefix, kinds)),
        "numbers_in_common": (before.in_common, given.in_common),
    }
    changed = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    record(actor, Action.AGREEMENT_SET_NUMBERING, organisation, changed)


def set_start(organisation: Organisation, series: str, start: int, version: int, actor: User) -> None:
    """Begin this year's count of a series at `start`, where papers were numbered before the registry was.

    Raises Forbidden, NotFound for a series that is not counted now, Stale, Conflict once the registry has given out a
    number of it this year, Invalid for a start at or below a number in use.
    """
    scheme = _begin(organisation, version, actor)
    year, rules = today().year, queries.rules_of(organisation)
    present = next((one for one in queries.series_of_year(organisation, rules, year) if one.name == series), None)
    if present is None:
        raise NotFound
    if present.given:
        raise Conflict(msg("The registry has given out a number of this year already"))
    if start <= present.taken_over:
        told = msg("%(number)s is in use already", number=queries.printed(rules.prefix, year, present.taken_over))
        raise Invalid({"start": [told]})
    _begin_at(organisation, year, series, start)
    _close(scheme)
    numbers = tuple(queries.printed(present.prefixes[0], year, number) for number in (present.next, start))
    record(actor, Action.AGREEMENT_SET_NUMBERING, organisation, {"number_start": (numbers[0], numbers[1])})


def _begin(organisation: Organisation, version: int, actor: User) -> NumberScheme:
    policy.may_set_numbering(actor, organisation).enforce()
    scheme = prefixes.locked_scheme(organisation)
    if scheme.row_version != version:
        raise Stale(changes=history_of(Organisation.__name__.lower(), organisation.public_id, LAST_CHANGES))
    return scheme


def _close(scheme: NumberScheme) -> None:
    """Raise the version, whichever of the scheme's rows was changed."""
    flag_modified(scheme, "prefix")
    db.session.flush()


def _take_words(organisation: Organisation, prefix: str, kinds: Mapping[AgreementKind, str]) -> None:
    words = {"prefix": prefix} | {f"kinds-{kind}": word for kind, word in kinds.items()}
    problems = {field: [told] for field, word in words.items() if (told := _problem(organisation, word))}
    if problems:
        raise Invalid(problems)


def _problem(organisation: Organisation, word: str) -> Message | None:
    if not PREFIX.fullmatch(word):
        return msg("1 to 20 Chinese characters, letters or digits; brackets, year and 号 are added by the registry")
    if word.endswith("第"):
        return msg("A number carries no 第 (GB/T 9704-2012, 7.2.5)")
    if told := unprintable(word):
        return told
    if not prefixes.claim(word, organisation):
        return msg("Another organisation numbers with this word; a number must name one paper only")
    return None


def _forget_unused_counters(organisation: Organisation) -> None:
    """A start that was set under the other way of counting means nothing, unless the year's way is settled."""
    year = today().year
    if queries.rule_of_year(organisation.id, year) is None:
        for table in (NumberCounter, NumberSkip):
            db.session.execute(delete(table).where(table.issuer_id == organisation.id, table.year == year))


def _begin_at(organisation: Organisation, year: int, series: str, start: int) -> None:
    own = (NumberSkip.issuer_id == organisation.id, NumberSkip.year == year, NumberSkip.series == series)
    counter = db.session.get(NumberCounter, (organisation.id, year, series), populate_existing=True)
    counter = counter or numbering.begin(organisation.id, year, series)
    db.session.execute(delete(NumberSkip).where(*own))
    counter.last = start - 1
    numbering.skip(counter, 1, counter.last, SkipReason.STARTED_HIGHER)


def _in_words(prefix: str, kinds: Mapping[AgreementKind, str]) -> str:
    return ", ".join([prefix, *(f"{kind}: {word}" for kind, word in sorted(kinds.items()))])
