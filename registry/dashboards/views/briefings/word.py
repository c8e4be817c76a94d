"""The Word template of an office: taken, edited in Word, handed in, laid aside. 专报模板."""

from io import BytesIO

from flask import Response, flash, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from ....core.access.actions import Action
from ....core.dates import today
from ....core.errors import Invalid
from ....core.i18n import msg
from ....core.web import once
from ....core.web.forms import Form, form_values
from ....core.web.guard import actor, needs
from ....documents import store, word_files
from ....documents.inspection.kinds import DOCX
from ....records.views.pages import user
from ... import policy
from ...briefing import paper
from ...briefing.gathering import asked, gather
from ...cut import month_of
from ...metrics.dictionary import METRICS
from ...schemas import language_from
from ...services import templates
from .blueprint import blueprint
from .papers import asked_language, template_of
from .shown import office

# What a template may name, beside the figures; see `briefing.paper.word_values`.
FIELDS = (
    ("title", msg("The title")),
    ("subtitle", msg("The month and the day of the figures, in brackets")),
    ("period", msg("The month")),
    ("as_of", msg("The day of the figures")),
    ("scope", msg("The province, city or zone")),
    ("organisation", msg("Whose briefing it is")),
    ("author", msg("Who drew it up")),
    ("report_to", msg("Whom it is sent to")),
    ("drawn_later", msg("That it was drawn up later; empty for most")),
    ("sections", msg("The parts, each with heading and text; repeat them")),
    ("notes", msg("The notes, each with mark and text; repeat them")),
    ("annexes", msg("The names of the annexes")),
    ("localities", msg("Rows of annex 1: name, in_force, signed, due, closed, rate, red")),
    ("expiring", msg("Rows of annex 2: no, number, title, day")),
    ("red", msg("Rows of annex 3: no, title, who, day")),
    ("instructions", msg("Rows of annex 4: no, title, who, day, note")),
    ("localities_more", msg("What is said below a table, and so for the other three")),
    ("signed_on", msg("The day at the end")),
    ("mark", msg("That it is a demonstration; empty for real ones")),
    ("chart", msg("The chart")),
)


@blueprint.get("/template")
@needs(Action.BRIEFING_VIEW)
def template() -> ResponseReturnValue:
    """Which template is in use, and what one may name."""
    return _page(Form({"language": asked_language()}))


@blueprint.get("/template.docx")
@needs(Action.BRIEFING_VIEW)
def template_file() -> ResponseReturnValue:
    """The template in use, to be edited in Word."""
    office()
    spoken = asked_language()
    response: Response = send_file(
        BytesIO(template_of(spoken)), DOCX, as_attachment=True, download_name=f"briefing-template-{spoken}.docx"
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@blueprint.post("/template")
@needs(Action.BRIEFING_SET_TEMPLATE)
def hand_in() -> ResponseReturnValue:
    """Use an own template; it is looked at and filled once before it is kept."""
    policy.may_set_template(user()).enforce()
    form = Form(form_values())
    try:
        spoken = language_from(form.values)
        upload = request.files.get("file")
        looked = word_files.inspect_template(
            upload.read() if upload else b"", (upload.filename if upload else "") or "", _sample(spoken)
        )
    except Invalid as error:
        return _page(form.refused(error)), 422
    kept = store.put(looked.data, looked.media_type)
    with once.transaction() as result:
        templates.hand_in(kept, looked.filename, spoken, user())
        result.at(url_for("briefings.template", language=spoken))
    flash(str(msg("The template is in use from now on")), "success")
    return result.redirect()


@blueprint.post("/template/lay-aside")
@needs(Action.BRIEFING_SET_TEMPLATE)
def lay_aside() -> ResponseReturnValue:
    """Go back to the house's template."""
    with once.transaction() as result:
        templates.lay_aside(language_from(form_values()), user())
        result.at(url_for("briefings.template"))
    flash(str(msg("The house's own template is in use again")), "success")
    return result.redirect()


def _sample(spoken: str) -> dict[str, object]:
    """This month's figures: every field that a template may name."""
    return paper.sample(gather(user().organisation, month_of(today()), today(), is_late=False), spoken)


def _page(form: Form) -> str:
    reader = office()
    spoken = str(form.value("language", "zh"))
    return render_template(
        "briefings/template.html",
        form=form,
        spoken=spoken,
        own={one: templates.current(actor().organisation_id, one) for one in ("zh", "en")},
        fields=FIELDS,
        figures=[(code, METRICS[code].label) for code in asked()],
        may_set_template=policy.may_set_template(reader),
    )
