"""Kill the server again and again while clients write; then look whether all that was acknowledged is there, once.

    python -m bench.kill [--kills 10] [--clients 8] [--acts 120] [--database-url postgresql+psycopg://…/empty]

Each client brings agreements from the draft through the bureau's review to their number, as four people in four
sessions, over HTTP. What the server answered with 303 is acknowledged.
"""

import argparse
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from sqlalchemy import Select, func, select

from registry.accounts import sessions
from registry.agreements.models import Agreement, AgreementParty, AgreementRevision, AgreementStatus, NumberCounter
from registry.app import create_app
from registry.audit.models import AuditEvent
from registry.audit.verify import verify
from registry.core.access.actions import Action
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from tests.agreements.scene import VARIABLES, Scene, make_scene

from .browser import Browser, Busy, Gone, Refused
from .server import Server

# How far an agreement is known to have come.
DRAFT, REVIEW, SECTION, LEGAL, NUMBERED = range(1, 6)
LONGEST_ROUND = 60.0
LEAST_STATUS = {DRAFT: AgreementStatus.DRAFT, REVIEW: AgreementStatus.REVIEW, SECTION: AgreementStatus.REVIEW,
                LEGAL: AgreementStatus.REVIEW, NUMBERED: AgreementStatus.NEGOTIATION}  # fmt: skip
ORDER = [AgreementStatus.DRAFT, AgreementStatus.REVIEW, AgreementStatus.NEGOTIATION]
WHO = {DRAFT: Role.HANDLER, REVIEW: Role.HANDLER, SECTION: Role.SECTION_HEAD, LEGAL: Role.LEGAL_OFFICER,
       NUMBERED: Role.LEADER}  # fmt: skip
OPINIONS = {SECTION: {"opinion": "同意"}, LEGAL: {"opinion": "合法", "legal_result": "legal"},
            NUMBERED: {"opinion": "同意", "minutes_number": "党组会纪要〔2026〕7号"}}  # fmt: skip


@dataclass
class Report:
    """What was tried and what was found; every count of losses must be 0."""

    kills: int = 0
    acknowledged: int = 0
    asked_to_wait: int = 0  # 503 with Retry-After: slow, but nothing lost
    agreements: int = 0
    numbers: int = 0
    events: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    halves: list[str] = field(default_factory=list)
    wrong_numbers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    audit: str = ""

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled or halved."""
        found = (self.lost, self.twice, self.halves, self.wrong_numbers, self.refused, self.audit)
        return not any(found) and self.acknowledged > 0


class Writer(threading.Thread):
    """One client: four people who bring one agreement after the other to its number."""

    def __init__(self, name: str, people: dict[Role, Browser], form: dict[str, str], stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.people, self.form, self.stop_asked = people, form, stop
        self.reached: dict[str, int] = {}
        self.refused: list[str] = []
        self.acts = 0
        self.busy = 0

    def run(self) -> None:
        """Write until told to stop; a server that is gone is waited for."""
        number = 0
        while not self.stop_asked.is_set():
            number += 1
            try:
                self._bring(f"写入{self.name}之{number}合作框架协议")
            except Gone:
                time.sleep(0.1)
            except Busy:
                self.busy += 1
            except Refused as error:
                self.refused.append(str(error))
        for person in self.people.values():
            person.close()

    def _bring(self, title: str) -> None:
        handler = self.people[Role.HANDLER]
        if not handler.token:
            handler.open_form("/agreements/new/framework")
        address = handler.post("/agreements/new/framework", self.form | {"title_zh": title})
        self._reach(address, DRAFT)
        for step in (REVIEW, SECTION, LEGAL, NUMBERED):
            person = self.people[WHO[step]]
            values = {"row_version": person.version(address), **OPINIONS.get(step, {"duplicates_known": "1"})}
            person.post(f"{address}/{'submit' if step == REVIEW else 'clear'}", values)
            self._reach(address, step)

    def _reach(self, address: str, step: int) -> None:
        self.reached[address.rpartition("/")[2]] = step
        self.acts += 1


def run(server: Server, kills: int = 10, clients: int = 8, acts: int = 120) -> Report:
    """Prepare an empty database, write, kill after every so many acknowledged acts, and look."""
    server.command("migrate")
    app = create_app(server.settings)
    stop = threading.Event()
    with app.app_context():
        writers = list(_writers(server, clients, stop))
        db.session.remove()
        db.engine.dispose()
    server.start()
    for writer in writers:
        writer.start()
    for _ in range(kills):
        _await(writers, acts)
        server.kill()
        server.start()
    _await(writers, acts)
    stop.set()
    for writer in writers:
        writer.join()
    server.stop()
    return _look(app, writers, kills)


def _await(writers: list[Writer], acts: int) -> None:
    """Until so many acts more are acknowledged; on a machine that has no time for us, LONGEST_ROUND seconds."""
    wanted = sum(writer.acts for writer in writers) + acts
    began = time.monotonic()
    while sum(writer.acts for writer in writers) < wanted and time.monotonic() - began < LONGEST_ROUND:
        time.sleep(0.01)


def _writers(server: Server, clients: int, stop: threading.Event) -> Iterator[Writer]:
    with transaction():
        scene = make_scene()
        form = _form(scene)
        people = {role: scene.bureau.people[role] for role in set(WHO.values())}
        tokens = [{role: sessions.open_session(user) for role, user in people.items()} for _ in range(clients)]
    for number, given in enumerate(tokens):
        browsers = {role: Browser(server.port, token) for role, token in given.items()}
        yield Writer(str(number), browsers, form, stop)


def _form(scene: Scene) -> dict[str, str]:
    """What a browser sends for a whole framework agreement."""
    return {
        "kind": "framework", "title_en": "", "language": "zh", "term_kind": "length", "term_length": "3",
        "term_unit": "years", "copies_each": "2", "copies_total": "4", "signing_place": "鞍山市",
        "parties-0-organisation": scene.bureau.organisation.public_id, "parties-0-role": "lead",
        "parties-0-representative": "测试甲 局长",
        "parties-1-organisation": scene.university.organisation.public_id, "parties-1-role": "party",
        "parties-1-representative": "测试乙 校长",
        **{f"variables-{name}": value for name, value in VARIABLES.items()},
    }  # fmt: skip


def _look(app: Flask, writers: list[Writer], kills: int) -> Report:
    reached = {public_id: step for writer in writers for public_id, step in writer.reached.items()}
    report = Report(kills=kills, acknowledged=sum(reached.values()))
    report.asked_to_wait = sum(writer.busy for writer in writers)
    report.refused = [each for writer in writers for each in writer.refused]
    with app.app_context():
        _look_for_losses(report, reached)
        _look_for_halves(report)
        _look_at_numbers(report)
        verdict = verify()
        report.events = verdict.events
        report.audit = f"{verdict.bad_seq}: {verdict.problem.english}" if verdict.problem else ""
        db.session.remove()
        db.engine.dispose()
    return report


def _look_for_losses(report: Report, reached: dict[str, int]) -> None:
    rows = db.session.execute(select(Agreement.public_id, Agreement.title_zh, Agreement.status)).all()
    status = {row.public_id: row.status for row in rows}
    report.agreements = len(rows)
    report.lost = [
        f"{public_id} had reached {step}"
        for public_id, step in reached.items()
        if public_id not in status or ORDER.index(status[public_id]) < ORDER.index(LEAST_STATUS[step])
    ]
    report.twice = [title for title, times in Counter(row.title_zh for row in rows).items() if times > 1]
    told = select(AuditEvent.object_id, func.count()).where(AuditEvent.action == Action.AGREEMENT_REGISTER)
    events = _counted(told.group_by(AuditEvent.object_id))
    report.twice += [f"{public_id} registered {events.get(public_id, 0)} times" for public_id in status
                     if events.get(public_id) != 1]  # fmt: skip


def _counted(statement: Select[*tuple[Any, ...]]) -> dict[Any, int]:
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _look_for_halves(report: Report) -> None:
    """Every agreement has its two parties and its revision."""
    parties = select(AgreementParty.agreement_id, func.count()).group_by(AgreementParty.agreement_id)
    revisions = select(AgreementRevision.agreement_id, func.count()).group_by(AgreementRevision.agreement_id)
    found, revised = _counted(parties), _counted(revisions)
    report.halves = [
        str(number)
        for number in db.session.scalars(select(Agreement.id))
        if found.get(number) != 2 or revised.get(number) != 1
    ]


def _look_at_numbers(report: Report) -> None:
    """1, 2, 3 … without a gap, none twice, and the counter at the last; who was past the review has one."""
    given = db.session.scalars(select(Agreement.number_sequence).where(Agreement.number.is_not(None))).all()
    report.numbers = len(given)
    if sorted(number or 0 for number in given) != list(range(1, len(given) + 1)):
        report.wrong_numbers.append(f"not 1 to {len(given)}: {sorted(number or 0 for number in given)}")
    counted = db.session.scalar(select(func.max(NumberCounter.last))) or 0
    if counted != len(given):
        report.wrong_numbers.append(f"the counter is at {counted}, {len(given)} were given out")
    without = select(Agreement.public_id).where(
        Agreement.status == AgreementStatus.NEGOTIATION, Agreement.number.is_(None)
    )
    report.wrong_numbers += db.session.scalars(without).all()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--acts", type=int, default=120, help="acknowledged between two kills")
    parser.add_argument("--database-url", default="", help="an empty database; else SQLite in a temporary folder")
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder, given.database_url or f"sqlite:///{folder / 'registry.db'}")
        try:
            report = run(server, given.kills, given.clients, given.acts)
        finally:
            server.kill()
    print(json.dumps(asdict(report), indent=1, ensure_ascii=False))
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
