"""What can be done with a period, each act by its name: who may, what it asks for, what it does. 办理事项."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import Actor, Decision
from ...core.i18n import Message, msg
from .. import policy
from ..enums import PeriodState
from ..models import CommitmentPeriod
from ..schemas import Words
from ..services import reporting, verifying, waiving

Does = Callable[[CommitmentPeriod, Words, User], None]
May = Callable[[Actor, CommitmentPeriod], Decision]


def always(period: CommitmentPeriod) -> bool:
    """Offered whenever it is allowed."""
    return True


@dataclass(frozen=True)
class Act:
    """One act. `asks` names the fields of its form; `fits` says whether it is this act that is meant now."""

    name: str
    action: Action
    label: Message
    explain: Message
    done: Message
    may: May
    do: Does
    asks: tuple[str, ...]
    icon: str
    tone: str = "outline-secondary"
    needs_words: bool = True
    fits: Callable[[CommitmentPeriod], bool] = always

    @property
    def endpoint(self) -> str:
        """Its page."""
        return f"commitments.{self.name.replace('-', '_')}"


def _report(period: CommitmentPeriod, given: Words, by: User) -> None:
    reporting.report(period, given.figure, given.note, given.evidence, by)


def _verify(period: CommitmentPeriod, given: Words, by: User) -> None:
    figure = given.figure if period.reported is None else period.reported
    verifying.verify(period, figure, given.note, by)


REPORT = Act(
    "report",
    Action.COMMITMENT_REPORT,
    msg("Report a figure"),
    msg("Say how much is done in this period so far, all in all; the other side verifies it."),
    msg("The figure is reported: the other side verifies it"),
    policy.may_report,
    _report,
    ("figure", "note", "evidence", "files"),
    "pencil-square",
    "primary",
    needs_words=False,
)
REQUEST_CLOSE = Act(
    "request-close",
    Action.COMMITMENT_REQUEST_CLOSE,
    msg("Request the close-out"),
    msg("The reported figure is your last word on this period: the other side verifies it and strikes it off."),
    msg("The close-out is requested: the other side verifies it"),
    policy.may_request_close,
    lambda period, given, by: reporting.request_close(period, given.note, by),
    ("note",),
    "check-lg",
    needs_words=False,
)
ANSWER = Act(
    "answer",
    Action.COMMITMENT_ANSWER,
    msg("Answer the dispute"),
    msg("With the figure of the other side it is agreed upon and verified; with another one it waits for them again."),
    msg("The dispute is answered"),
    policy.may_answer,
    lambda period, given, by: verifying.answer(period, given.figure, given.note, by),
    ("figure", "note"),
    "chat-left-text",
    "primary",
)
CLOSE = Act(
    "close",
    Action.COMMITMENT_VERIFY,
    msg("Verify and strike off"),
    msg("The reported figure and its evidence are sound: it counts, and the period leaves the list."),
    msg("The period is verified and struck off"),
    policy.may_close,
    lambda period, given, by: verifying.close(period, given.note, by),
    ("note",),
    "check-all",
    "primary",
    needs_words=False,
    fits=lambda period: period.state is PeriodState.SUBMITTED,
)
VERIFY = Act(
    "verify",
    Action.COMMITMENT_VERIFY,
    msg("Verify the figure"),
    msg("The reported figure and its evidence are sound: it counts."),
    msg("The figure is verified"),
    policy.may_verify,
    _verify,
    ("note",),
    "check-lg",
    "primary",
    needs_words=False,
    fits=lambda period: period.state is PeriodState.SUBMITTED and period.close_requested_on is None,
)
ESTABLISH = Act(
    "establish",
    Action.COMMITMENT_VERIFY,
    msg("Establish the outcome"),
    msg("Nobody reported a figure, and the last day has passed: say what you know was done. It is struck off."),
    msg("The outcome is established"),
    policy.may_verify,
    _verify,
    ("figure", "note"),
    "clipboard-check",
    fits=lambda period: period.state is PeriodState.SCHEDULED,
)
SEND_BACK = Act(
    "send-back",
    Action.COMMITMENT_SEND_BACK,
    msg("Send back"),
    msg("The figure or its evidence does not do yet: the other side reports again."),
    msg("It is sent back with your reason"),
    policy.may_send_back,
    lambda period, given, by: verifying.send_back(period, given.reason, by),
    ("reason",),
    "arrow-return-left",
)
DISPUTE = Act(
    "dispute",
    Action.COMMITMENT_DISPUTE,
    msg("Dispute the figure"),
    msg("You know another figure: both are shown until one side takes the other's."),
    msg("The figure is disputed: both figures are shown"),
    policy.may_dispute,
    lambda period, given, by: verifying.dispute(period, given.figure, given.reason, by),
    ("figure", "reason"),
    "exclamation-triangle",
)
SETTLE = Act(
    "settle-dispute",
    Action.COMMITMENT_VERIFY,
    msg("Take the reported figure"),
    msg("You give way: the figure that the other side reported counts."),
    msg("The dispute is settled"),
    policy.may_settle_dispute,
    lambda period, given, by: verifying.settle_dispute(period, given.note, by),
    ("note",),
    "check-lg",
    "primary",
)
ASK_WAIVER = Act(
    "ask-waiver",
    Action.COMMITMENT_ASK_WAIVER,
    msg("Ask for a waiver"),
    msg("Say why this period should not be asked for: the other side agrees or refuses."),
    msg("The waiver is asked for: the other side decides"),
    policy.may_ask_waiver,
    lambda period, given, by: waiving.ask_waiver(period, given.reason, by),
    ("reason",),
    "slash-circle",
)
CONSENT = Act(
    "consent",
    Action.COMMITMENT_CONSENT,
    msg("Agree to the waiver"),
    msg("The period is waived: no rate counts it."),
    msg("You agreed to the waiver"),
    policy.may_consent,
    lambda period, given, by: waiving.consent_waiver(period, given.note, by),
    ("note",),
    "check-lg",
    "primary",
    needs_words=False,
)
REFUSE = Act(
    "refuse-waiver",
    Action.COMMITMENT_CONSENT,
    msg("Refuse the waiver, or take it back"),
    msg("The period is asked for as before."),
    msg("There is no waiver: the period is asked for as before"),
    policy.may_refuse_waiver,
    lambda period, given, by: waiving.refuse_waiver(period, given.reason, by),
    ("reason",),
    "x-circle",
)
REOPEN = Act(
    "reopen",
    Action.COMMITMENT_REOPEN,
    msg("Reopen"),
    msg("What was settled is in hand again, and its verified figure no longer counts. Reopening is counted."),
    msg("The period is open again"),
    policy.may_reopen,
    lambda period, given, by: waiving.reopen(period, given.reason, by),
    ("reason",),
    "arrow-counterclockwise",
)
SAY = Act(
    "say",
    Action.COMMITMENT_SAY,
    msg("Write a remark"),
    msg("Both sides read it; nothing else changes."),
    msg("The remark is added"),
    policy.may_say,
    lambda period, given, by: verifying.say(period, given.note, by),
    ("note",),
    "chat-left-text",
)
ACTS = (
    REPORT, REQUEST_CLOSE, ANSWER, CLOSE, VERIFY, ESTABLISH, SETTLE, SEND_BACK, DISPUTE, CONSENT, REFUSE, SAY,
    ASK_WAIVER, REOPEN,
)  # fmt: skip


def allowed(act: Act, actor: Actor, period: CommitmentPeriod) -> Decision:
    """Whether the act would succeed for this reader now."""
    decision = act.may(actor, period)
    if decision and not act.fits(period):
        return Decision(False, msg("This is not possible in the present state"), wrong_state=True)
    return decision


def offered(actor: Actor, period: CommitmentPeriod) -> Iterator[Act]:
    """Every act that would succeed now, in the order of the page."""
    return (act for act in ACTS if allowed(act, actor, period))
