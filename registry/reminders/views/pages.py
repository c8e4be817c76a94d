"""What the pages of all three places do alike: list the rules, show one's form, save it, reset it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from ...core.access.roles import Role
from ...core.errors import Conflict, Invalid, NotFound
from ...core.i18n import Message, msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version, show_newest
from ...core.web.guard import actor
from ...records.views.pages import user
from .. import policy, queries, services
from ..inputs import Level, Place
from ..rules import SPECS, Rule, Setting
from ..schemas import form_of, read_setting

LISTS = ("roles",)
HEADINGS = {
    Level.SYSTEM: msg("Reminders of the whole registry"),
    Level.ORGANISATION: msg("Reminders of the organisation"),
    Level.AGREEMENT: msg("Reminders of this agreement"),
}


@dataclass(frozen=True)
class Pages:
    """The pages of one place: `find` gives it from the address, `endpoint` is the list, `rules` what it is about."""

    endpoint: str
    find: Callable[..., Place]
    rules: Collection[Rule] = tuple(Rule)

    def index(self, **where: Any) -> str:
        """Every rule with what holds here and where it comes from."""
        place = self.find(**where)
        told = queries.told_of(place.agreement, place.organisation.id) if place.agreement and place.organisation else ()
        return render_template(
            "reminders/index.html",
            **self._shared(place, where),
            lines=queries.lines(place, self.rules),
            told=told,
            changeable=policy.may_set(actor(), place),
        )

    def form(self, code: str, **where: Any) -> str:
        """The form of one rule, with what is inherited above it."""
        place = self._open(**where)
        (line,) = queries.lines(place, (self._rule(code),))
        return self._form_page(place, line, where, restored(lists=LISTS) or Form(form_of(line.setting)))

    def save(self, code: str, **where: Any) -> ResponseReturnValue:
        """Set it here."""
        rule, form = self._rule(code), Form(form_values(lists=LISTS))
        return self._act(
            rule,
            where,
            form,
            msg("The reminders are set"),
            lambda place: services.set_rule(place, rule, read_setting(form.values), row_version(), user()),
        )

    def reset(self, code: str, **where: Any) -> ResponseReturnValue:
        """Let what is inherited hold again."""
        rule = self._rule(code)
        return self._act(
            rule,
            where,
            None,
            msg("What is inherited holds again"),
            lambda place: services.reset_rule(place, rule, row_version(), user()),
        )

    def _act(
        self, rule: Rule, where: dict[str, Any], form: Form | None, done: Message, do: Callable[[Place], None]
    ) -> ResponseReturnValue:
        self._open(**where)
        try:
            with once.transaction() as result:
                do(self.find(**where))
                result.at(url_for(self.endpoint, **where))
        except (Invalid, Conflict) as error:
            return self._refused(rule, where, form, error), error.status
        flash(str(done), "success")
        return result.redirect()

    def _refused(self, rule: Rule, where: dict[str, Any], form: Form | None, error: Invalid | Conflict) -> str:
        """The form again with what was typed; after a conflict it is sent on top of what is stored now."""
        place = self.find(**where)
        (line,) = queries.lines(place, (rule,))
        if isinstance(error, Conflict):
            show_newest()
        told = error if isinstance(error, Invalid) else Invalid({"": [error.message]})
        return self._form_page(place, line, where, (form or Form(form_of(line.setting))).refused(told))

    def _form_page(self, place: Place, line: Any, where: dict[str, Any], form: Form) -> str:
        spec = SPECS[line.rule]
        roles = [(str(role), role.label) for role in sorted(spec.choices, key=_order)]
        return render_template(
            "reminders/form.html", **self._shared(place, where), line=line, spec=spec, form=form, roles=roles
        )

    def _open(self, **where: Any) -> Place:
        place = self.find(**where)
        policy.may_set(actor(), place).enforce()
        return place

    def _rule(self, code: str) -> Rule:
        if code not in set(self.rules):
            raise NotFound
        return Rule(code)

    def _shared(self, place: Place, where: dict[str, Any]) -> dict[str, Any]:
        def address(end: str = "", **values: Any) -> str:
            return url_for(f"{self.endpoint}{end}", **where, **values)

        return {"place": place, "heading": HEADINGS[place.level], "address": address}


def _order(role: Role) -> int:
    return list(Role).index(role)


def when_words(rule: Rule, setting: Setting) -> list[Message]:
    """When a setting reminds, in words, a line for each part."""
    if not setting.is_on:
        return [msg("Switched off")]
    before, after = (", ".join(map(str, days)) for days in (setting.before, setting.after))
    ahead = SPECS[rule].looks_ahead
    parts = (
        (setting.before, msg("Days before: %(days)s", days=before)),
        (setting.on_day, msg("On the day itself")),
        (setting.after and ahead, msg("Days after: %(days)s", days=after)),
        (setting.after and not ahead, msg("Days since then: %(days)s", days=after)),
        (setting.every, msg("Then every %(every)s days, %(times)s times", every=setting.every, times=setting.times)),
    )
    return [words for given, words in parts if given]


def who_words(setting: Setting) -> list[Message]:
    """Whom a setting tells, in words."""
    return [role.label for role in sorted(setting.roles, key=_order)]
