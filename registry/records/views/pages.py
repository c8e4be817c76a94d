"""Create, change and act on one kind of record: one transaction, refusals told on the page, nothing typed is lost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.errors import Conflict, Invalid, RegistryError, Stale, Unmet
from ...core.i18n import Message
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version, show_newest
from ...core.web.guard import actor
from ...core.web.schema import InputSchema, LongText, load
from ..models import Shared
from ..queries import Listing

R = TypeVar("R", bound=Shared)
REFUSALS = (Invalid, Unmet, Conflict)


@dataclass(frozen=True)
class Shown:
    """What a page of a record has to say beside the record: a refused act, and the values typed into its form."""

    error: RegistryError | None = None
    form: Form | None = None
    failed: str = ""

    def form_for(self, name: str, defaults: Mapping[str, Any] | None = None) -> Form:
        """The form called `name`: what was typed where it was refused, else its defaults."""
        if name != self.failed or self.form is None:
            return Form(defaults or {})
        return self.form.refused(self.error) if isinstance(self.error, Invalid) else self.form


@dataclass(frozen=True)
class Pages(Generic[R]):
    """`endpoint` shows one; `render(record, shown)` is its page, `form_page(form, record, error)` its form.

    `record` is None for a new one; `error` is a Stale when somebody else saved in between.
    """

    endpoint: str
    listing: Listing[R]
    render: Callable[[R, Shown], str]
    form_page: Callable[[Form, R | None, RegistryError | None], str]
    lists: tuple[str, ...] = ()

    def show(self, public_id: str) -> ResponseReturnValue:
        """The page of one record."""
        return self.render(self.listing.get(public_id, actor()), Shown())

    def new(self, defaults: Mapping[str, Any] | None = None) -> ResponseReturnValue:
        """An empty form, or what was typed when the session ended."""
        return self.form_page(restored(lists=self.lists) or Form(defaults or {}), None, None)

    def create(self, make: Callable[[Mapping[str, Any], User], R], done: Message) -> ResponseReturnValue:
        """Enter one: `make` reads the values and calls the service; leads to its page."""
        form = Form(form_values(lists=self.lists))
        try:
            with once.transaction() as result:
                result.at(self.address(make(form.values, user())))
        except Invalid as error:
            return self.form_page(form.refused(error), None, None), 422
        flash(str(done), "success")
        return result.redirect()

    def edit(self, record: R, stored: Mapping[str, Any]) -> ResponseReturnValue:
        """The form of a record that the reader may change."""
        return self.form_page(restored(lists=self.lists) or Form(stored), record, None)

    def save(
        self, public_id: str, change: Callable[[R, Mapping[str, Any], User], None], done: Message
    ) -> ResponseReturnValue:
        """Change one; what was typed stays in the form whatever is refused."""
        form = Form(form_values(lists=self.lists))
        try:
            with once.transaction() as result:
                change(self.listing.get_for_change(public_id, actor(), row_version()), form.values, user())
                result.at(url_for(self.endpoint, public_id=public_id))
        except Invalid as error:
            return self.form_page(form.refused(error), self.listing.get(public_id, actor()), None), 422
        except Stale as error:
            show_newest()
            return self.form_page(form, self.listing.get(public_id, actor()), error), 409
        flash(str(done), "success")
        return result.redirect()

    def act(self, public_id: str, name: str, done: Message, do: Callable[[R, User], str | None]) -> ResponseReturnValue:
        """Do one thing to one record; a refusal is told on its page, at the form called `name`.

        `do` may return the address of what it made; else the act leads back to the page.
        """
        form = Form(form_values(lists=self.lists))
        try:
            with once.transaction() as result:
                made = do(self.listing.get_for_change(public_id, actor(), row_version()), user())
                result.at(made or url_for(self.endpoint, public_id=public_id))
        except REFUSALS as error:
            if isinstance(error, Stale):
                show_newest()
            record = self.listing.get(public_id, actor())
            return self.render(record, Shown(error, form, name)), error.status
        flash(str(done), "success")
        return result.redirect()

    def address(self, record: R) -> str:
        """Where its page is."""
        return url_for(self.endpoint, public_id=record.public_id)


class ReasonSchema(InputSchema):
    """A reason; whether one is required is the service's rule."""

    reason = LongText(1000, load_default="")


def reason() -> str:
    """The reason of the form, made clean. Raises Invalid."""
    return str(load(ReasonSchema(), {"reason": request.form.get("reason", "")})["reason"])


def user() -> User:
    """The signed-in user as a row."""
    return cast("User", actor())
