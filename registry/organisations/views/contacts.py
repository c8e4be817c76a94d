"""Contacts of an organisation: recorded, corrected, erased, and their phones revealed."""

from collections.abc import Callable

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.errors import Invalid
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import policy
from ..models import Contact
from ..queries.contacts import get_contact
from ..queries.directory import get_organisation
from ..schemas import ContactSchema, ReasonSchema
from ..services import contacts as services
from .blueprint import blueprint
from .directory import page_of

TEXTS = ("name", "title", "office", "purpose")


@blueprint.get("/organisations/<public_id>/contacts/new")
@needs(Action.CONTACT_EDIT)
def new_contact(public_id: str) -> ResponseReturnValue:
    """An empty form."""
    organisation = get_organisation(public_id)
    form = restored() or Form()
    return render_template("organisations/contact_new.html", organisation=organisation, form=form)


@blueprint.post("/organisations/<public_id>/contacts/new")
@needs(Action.CONTACT_EDIT)
def add_contact(public_id: str) -> ResponseReturnValue:
    """Record a contact in the address book of the reader's organisation."""
    form = Form(form_values())
    try:
        given = load(ContactSchema(), form.values)
        with once.transaction() as done:
            services.add_contact(actor(), get_organisation(public_id), given)
            done.at(url_for("organisations.show", public_id=public_id, _anchor="contacts"))
    except Invalid as error:
        organisation = get_organisation(public_id)
        page = render_template("organisations/contact_new.html", organisation=organisation, form=form.refused(error))
        return page, 422
    flash(_("The contact has been recorded"), "ok")
    return done.redirect()


@blueprint.get("/organisations/<public_id>/contacts/<contact_id>/edit")
@needs(Action.CONTACT_EDIT)
def edit_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """The form with what is recorded; the phone stays masked and is only replaced."""
    contact = get_contact(actor(), public_id, contact_id)
    policy.may_edit_contact(actor(), contact).enforce()
    return _edit_page(contact, restored() or Form({name: getattr(contact, name) for name in TEXTS}))


@blueprint.post("/organisations/<public_id>/contacts/<contact_id>/edit")
@needs(Action.CONTACT_EDIT)
def save_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """Save a contact."""
    form = Form(form_values())
    try:
        given = load(ContactSchema(), form.values)
        with once.transaction() as done:
            services.edit_contact(actor(), get_contact(actor(), public_id, contact_id), given, row_version())
            done.at(url_for("organisations.show", public_id=public_id, _anchor="contacts"))
    except Invalid as error:
        contact = get_contact(actor(), public_id, contact_id)
        policy.may_edit_contact(actor(), contact).enforce()
        return _edit_page(contact, form.refused(error)), 422
    flash(_("Saved"), "ok")
    return done.redirect()


def _edit_page(contact: Contact, form: Form) -> str:
    return render_template("organisations/contact_edit.html", contact=contact, form=form)


@blueprint.post("/organisations/<public_id>/contacts/<contact_id>/erase")
@needs(Action.CONTACT_EDIT)
def erase_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """Forget a person."""

    def erase(contact: Contact, reason: str) -> None:
        services.erase_contact(actor(), contact, reason, row_version())

    done, refused = _with_reason(public_id, contact_id, "erase", erase)
    if done is None:
        return refused
    flash(_("The contact has been erased"), "ok")
    return done.redirect()


@blueprint.post("/organisations/<public_id>/contacts/<contact_id>/reveal")
@needs(Action.CONTACT_REVEAL)
def reveal_contact(public_id: str, contact_id: str) -> ResponseReturnValue:
    """Show a phone number once: the answer itself is the page, nothing is kept (core.web.headers: no-store)."""
    found: list[tuple[Contact, str]] = []

    def reveal(contact: Contact, reason: str) -> None:
        found.append((contact, services.reveal_phone(actor(), contact, reason)))

    done, refused = _with_reason(public_id, contact_id, "reveal", reveal)
    if done is None:
        return refused
    contact, phone = found[0]
    return render_template("organisations/revealed.html", contact=contact, phone=phone)


def _with_reason(
    public_id: str, contact_id: str, name: str, do: Callable[[Contact, str], None]
) -> tuple[once.Done | None, ResponseReturnValue]:
    """An act on a contact that wants a reason; without one the organisation's page comes back with the form open."""
    values = form_values()
    try:
        reason = str(load(ReasonSchema(), values)["reason"])
        with once.transaction() as done:
            do(get_contact(actor(), public_id, contact_id), reason)
            done.at(url_for("organisations.show", public_id=public_id, _anchor="contacts"))
    except Invalid as error:
        get_contact(actor(), public_id, contact_id)
        forms = {f"{name}-{contact_id}": Form(values).refused(error)}
        return None, page_of(get_organisation(public_id), forms, 422)
    return done, ""
