"""Table of jobs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..core.db import Identified, Model, enum_type
from ..core.errors import Conflict
from ..core.i18n import Message, msg


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> Message:
        """The status for the reader."""
        return STATUS_LABELS[self]


STATUS_LABELS = {
    JobStatus.QUEUED: msg("Queued"),
    JobStatus.RUNNING: msg("Running"),
    JobStatus.DONE: msg("Done"),
    JobStatus.FAILED: msg("Failed"),
}


class AttemptOutcome(StrEnum):
    """How one attempt at a job ended."""

    RUNNING = "running"
    DONE = "done"
    ERROR = "error"
    LOST = "lost"
    LATE = "late"

    @property
    def label(self) -> Message:
        """The outcome for the reader."""
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    AttemptOutcome.RUNNING: msg("Running"),
    AttemptOutcome.DONE: msg("Done"),
    AttemptOutcome.ERROR: msg("Error"),
    AttemptOutcome.LOST: msg("Broken off"),
    AttemptOutcome.LATE: msg("Too late"),
}


class WorkerKind(StrEnum):
    """Where a worker lives."""

    EMBEDDED = "embedded"
    PROCESS = "process"
    CELERY = "celery"

    @property
    def label(self) -> Message:
        """The kind for the reader."""
        return WORKER_LABELS[self]


WORKER_LABELS = {
    WorkerKind.EMBEDDED: msg("beside the server"),
    WorkerKind.PROCESS: msg("process of its own (flask registry work)"),
    WorkerKind.CELERY: msg("Celery"),
}


class Job(Identified, Model):
    """A piece of work, written in the transaction that wants it; leased, done, retried with growing pauses.

    `key` makes enqueuing idempotent: the same kind and key are one job.
    """

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        Index("ix_job_due", "status", "run_after", "id"),
        Index("ix_job_finished", "status", "finished_at", "id"),
        Index("ix_job_kind", "kind", "status", "finished_at", "id"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[JobStatus] = mapped_column(enum_type(JobStatus), default=JobStatus.QUEUED)
    run_after: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str] = mapped_column(String(26), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(2000), default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    @property
    def audit_label(self) -> str:
        """Kind and key in the audit; the payload is the business's."""
        return f"{self.kind} {self.key}"

    def claim(self, lease: str, moment: datetime, until: datetime) -> None:
        """Be done by the holder of this lease until then. Raises Conflict while another lease holds."""
        if not self.is_due(moment):
            raise Conflict(msg("This job is not due"))
        self.status, self.lease, self.leased_until = JobStatus.RUNNING, lease, until
        self.attempts += 1

    def is_due(self, moment: datetime) -> bool:
        """Whether a worker may take it: it waits and its time has come, or its worker's lease ran out."""
        if self.status is JobStatus.RUNNING:
            return self.leased_until is None or self.leased_until <= moment
        return self.status is JobStatus.QUEUED and self.run_after <= moment

    def finish(self, moment: datetime) -> None:
        """It is done."""
        self._end(JobStatus.DONE, moment)
        self.last_error = ""

    def fail(self, error: str, moment: datetime) -> None:
        """It will not be tried again."""
        self._end(JobStatus.FAILED, moment)
        self.last_error = error

    def postpone(self, error: str, run_after: datetime) -> None:
        """Try again later."""
        self.status, self.run_after, self.last_error = JobStatus.QUEUED, run_after, error
        self.lease, self.leased_until = "", None

    def renew(self, payload: dict[str, Any], run_after: datetime) -> None:
        """Do it (again) with this payload; whoever does it on older data has lost the lease."""
        self.status, self.payload, self.run_after, self.attempts = JobStatus.QUEUED, payload, run_after, 0
        self.lease, self.leased_until, self.last_error, self.finished_at = "", None, "", None

    def retry(self, moment: datetime) -> None:
        """Try a failed one again from the beginning. Raises Conflict for any other."""
        if self.status is not JobStatus.FAILED:
            raise Conflict(msg("Only a failed job can be tried again"))
        self.renew(self.payload, moment)

    def _end(self, status: JobStatus, moment: datetime) -> None:
        self.status, self.finished_at = status, moment
        self.lease, self.leased_until = "", None


class JobAttempt(Model):
    """One attempt at a job, written with the claim and with the outcome; kept as long as the job."""

    __tablename__ = "job_attempt"
    __table_args__ = (
        Index("ix_job_attempt_job", "job_id", "id"),
        Index("ix_job_attempt_started", "started_at"),
        CheckConstraint("(outcome = 'running') = (ended_at IS NULL)", name="ended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"))
    lease: Mapped[str] = mapped_column(String(26))
    worker: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[AttemptOutcome] = mapped_column(enum_type(AttemptOutcome), default=AttemptOutcome.RUNNING)
    error: Mapped[str] = mapped_column(String(2000), default="")


class WorkerSign(Model):
    """A sign of life of one worker, overwritten each time."""

    __tablename__ = "worker_sign"

    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[WorkerKind] = mapped_column(enum_type(WorkerKind))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class WriteProbe(Model):
    """One row that the readiness check writes, to see that writing works."""

    __tablename__ = "write_probe"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    written_at: Mapped[datetime]
