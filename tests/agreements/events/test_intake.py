"""Scans after the ceremony: each finds its agreement, several in one file are taken apart, nothing is lost."""

from io import BytesIO

import pikepdf
import pytest
from flask import Flask

from registry.accounts.models import User
from registry.agreements import queries
from registry.agreements.models import EventScan, ScanState
from registry.agreements.services import events, intake, recognition
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from registry.documents import scans
from tests.agreements.scene import Scene, make_scene

from .ceremony import FUTURE, make_event, papers_of, party, printed, signing_again, with_copy


@pytest.fixture
def scene(app: Flask, fonts: object) -> Scene:
    with transaction():
        return make_scene()


class Table:
    """Two agreements that are being signed, the event, and their printed copies."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        with transaction():
            self.one, self.two = scene.signing(), signing_again(scene)
            self.first, self.second = with_copy(self.one), with_copy(self.two)
            self.event = make_event(scene, FUTURE, self.one, self.two)

    def hand_in(self, data: bytes, by: User | None = None, name: str = "扫描.pdf") -> EventScan:
        """One file, read and filed."""
        keeper = by or self.scene.bureau.seal_keeper
        looked = recognition.look(self.event, data, name, keeper)
        with transaction():
            return intake.file(self.event, [looked], keeper)[0]


@pytest.fixture
def table(scene: Scene) -> Table:
    return Table(scene)


def told(scan: EventScan) -> str:
    return "; ".join(english for _, english in scan.told)


def test_a_scan_is_filed_for_the_party_that_the_keeper_acts_for(table: Table) -> None:
    scan = table.hand_in(printed(table.first))
    assert scan.state is ScanState.FILED
    assert scan.filed == [table.one.public_id]
    assert papers_of(table.one) == [(1, "扫描.pdf")]
    assert papers_of(table.two) == []
    assert table.one.number in told(scan)  # type: ignore[operator]  # it has a number
    assert "鞍山市人力资源和社会保障局" in told(scan)


def test_the_other_side_files_its_own(table: Table) -> None:
    table.hand_in(printed(table.first), table.scene.university.seal_keeper)
    assert papers_of(table.one) == [(2, "扫描.pdf")]


def test_the_page_of_signatures_alone_is_enough_and_another_page_is_not(table: Table) -> None:
    outline = scans.outline_of(table.first)
    last = outline.fields["Party-1"]
    pages = range(1, outline.pages + 1)
    (alone,) = scans.split(printed(table.first), [[last]])
    assert table.hand_in(alone).state is ScanState.FILED
    (others,) = scans.split(printed(table.second), [[number for number in pages if number != last]])
    scan = table.hand_in(others)
    assert scan.state is ScanState.WAITING
    assert "The page on which 鞍山市人力资源和社会保障局 signs is not in the scan" in told(scan)


def test_several_agreements_in_one_file_are_taken_apart(table: Table) -> None:
    scan = table.hand_in(printed(table.second, table.first))
    assert scan.state is ScanState.FILED, told(scan)
    assert scan.filed == [table.two.public_id, table.one.public_id]
    assert papers_of(table.one) == [(1, f"扫描-{table.one.number}.pdf")]
    assert papers_of(table.two) == [(1, f"扫描-{table.two.number}.pdf")]


def test_the_same_pages_are_filed_once(table: Table) -> None:
    table.hand_in(printed(table.first, table.second))
    again = table.hand_in(printed(table.first, table.second))
    assert "these very pages are filed already" in told(again)
    assert len(papers_of(table.one)) == 1


def test_a_file_without_codes_waits_and_is_filed_by_hand(table: Table) -> None:
    blank = printed(_blank())
    scan = table.hand_in(blank)
    assert str(scan.state) == "waiting"
    assert told(scan) == "No code could be read on any page; choose the agreement by hand"
    keeper, mine = table.scene.bureau.seal_keeper, [party(table.one, 1)]
    paper = intake.choose(scan, table.one, mine, keeper)
    with transaction():
        intake.assign(table.event, scan, table.one, mine, paper, keeper)
    assert str(scan.state) == "filed"
    assert papers_of(table.one) == [(1, "扫描.pdf")]
    with transaction(), pytest.raises(Conflict):
        intake.set_aside(table.event, scan, "已归入", keeper)
    with pytest.raises(Conflict):
        intake.choose(scan, table.one, mine, keeper)


def test_codes_are_stronger_than_the_hand(table: Table) -> None:
    with transaction():
        other = signing_again(table.scene)
        copy = with_copy(other)
    scan = table.hand_in(printed(copy))
    assert scan.state is ScanState.WAITING
    assert told(scan) == f"It belongs to the agreement {other.number}, which is not one of this event"
    with pytest.raises(Invalid):
        intake.choose(scan, table.one, [party(table.one, 1)], table.scene.bureau.seal_keeper)


def test_an_old_revision_is_told(table: Table) -> None:
    revision = table.one.open_revision
    assert revision
    with transaction():
        revision.no = 2  # as if the text had been returned and signing begun anew
    scan = table.hand_in(printed(table.first))
    assert scan.state is ScanState.WAITING
    assert "revision" in told(scan)


def test_pages_that_say_nothing_among_several_agreements(table: Table) -> None:
    scan = table.hand_in(printed(table.first, _blank(), table.second))
    assert scan.state is ScanState.WAITING
    assert "does not say whose it is: scan the agreements one by one" in told(scan)
    assert (papers_of(table.one), papers_of(table.two)) == ([], [])


def test_set_aside_with_a_reason(table: Table) -> None:
    scan, keeper = table.hand_in(printed(_blank())), table.scene.bureau.seal_keeper
    with transaction(), pytest.raises(Invalid):
        intake.set_aside(table.event, scan, "", keeper)
    with transaction():
        intake.set_aside(table.event, scan, "不是协议", keeper)
    assert (scan.state, scan.reason) == (ScanState.SET_ASIDE, "不是协议")


def test_only_a_seal_keeper_and_only_ones_own_files_are_seen(table: Table) -> None:
    with pytest.raises(Forbidden):
        recognition.look(table.event, printed(table.first), "x.pdf", table.scene.bureau.handler)
    table.hand_in(printed(table.first))
    assert len(queries.scans_of_event(table.event, table.scene.bureau.seal_keeper)) == 1
    assert queries.scans_of_event(table.event, table.scene.university.seal_keeper) == []


def test_what_no_upload_could_bring_in_is_refused(table: Table) -> None:
    with pytest.raises(Invalid):
        recognition.look(table.event, b"MZ not a scan", "x.exe", table.scene.bureau.seal_keeper)


def test_an_agreement_that_changed_while_the_file_was_read(table: Table) -> None:
    keeper = table.scene.bureau.seal_keeper
    looked = recognition.look(table.event, printed(table.first), "x.pdf", keeper)
    with transaction():
        events.remove(table.event, table.one, table.scene.bureau.handler)
    with transaction():
        (scan,) = intake.file(table.event, [looked], keeper)
    assert (scan.state, told(scan)) == (
        ScanState.WAITING,
        "The agreement changed while the file was read; choose it by hand",
    )


def _blank() -> bytes:
    with pikepdf.new() as pdf, BytesIO() as target:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(target)
        return target.getvalue()
