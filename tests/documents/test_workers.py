"""Children with limits: a crash, a hang or a bomb ends the child, and the next message finds a fresh one."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sized
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest

from registry.core.config import ROOT
from registry.documents.workers import parent
from registry.documents.workers.child import Refused
from registry.documents.workers.frames import Closed, Garbled, read_frame, write_frame
from registry.documents.workers.parent import LONGEST_LIFE, Child, Failed, Pool, pool_of
from registry.documents.workers.slots import Slots

from . import misbehaving

MODULE = misbehaving.__name__
HANG_SECONDS = 60  # as long as a misbehaving child sleeps: tells that it was ended, says nothing of speed


@pytest.fixture
def pool() -> Iterator[Pool]:
    """One misbehaving child, half a minute a message."""
    made = Pool(MODULE, {"GREETING": "你好"}, size=1, seconds=30)
    yield made
    made.close()


def failure(pool: Pool, work: str) -> Failed:
    """How this work fails."""
    with pytest.raises(Failed) as caught:
        pool.ask({"work": work})
    return caught.value


def test_messages_arrive_whole() -> None:
    pipe = BytesIO()
    write_frame(pipe, {"name": "西北工业大学"}, [b"", b"\x00" * 100_000])
    pipe.seek(0)
    frame = read_frame(pipe)
    assert frame.header == {"name": "西北工业大学"}
    assert frame.blobs == (b"", b"\x00" * 100_000)
    with pytest.raises(Closed):
        read_frame(pipe)


def test_a_child_without_work_goes_home_and_another_comes_when_there_is_some() -> None:
    pool = Pool(MODULE, {"IDLE": "1"}, size=1, seconds=30)
    try:
        first = pool.ask({"work": "echo"}).header["process"]
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)  # for as long as that takes
        assert pool.ask({"work": "echo"}).header["process"] != first
    finally:
        pool.close()


def test_the_child_answers_and_lives_on(pool: Pool) -> None:
    first = pool.ask({"work": "echo"}, [b"data"])
    assert first.blobs == (b"data",)
    assert pool.ask({"work": "echo"}).header["process"] == first.header["process"]


def test_the_child_has_only_the_environment_it_is_given(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_SECRET_KEY", "must not be passed on")
    given = pool.ask({"work": "environment"}).header["environment"]
    assert given["GREETING"] == "你好"
    assert not any(name.startswith("REGISTRY") for name in given)


def test_what_a_library_prints_does_not_disturb(pool: Pool) -> None:
    assert pool.ask({"work": "print"}, [b"x"]).blobs == (b"x",)


def test_a_refusal_carries_its_reason(pool: Pool) -> None:
    failed = failure(pool, "refuse")
    assert failed.code == "too_blue"
    assert failed.detail == {"shade": 7}


def test_a_crash_is_told_and_the_next_message_answered(pool: Pool) -> None:
    failed = failure(pool, "crash")
    assert failed.code == "crash"
    assert "ZeroDivisionError" in failed.detail["trace"]
    assert pool.ask({"work": "echo"}).header["process"]


def test_a_dead_child_is_replaced(pool: Pool) -> None:
    process = pool.ask({"work": "echo"}).header["process"]
    assert failure(pool, "die").code == "died"
    assert pool.ask({"work": "echo"}).header["process"] != process


def test_a_child_killed_between_messages_is_replaced(pool: Pool) -> None:
    process = pool.ask({"work": "echo"}).header["process"]
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)  # until it is dead; the pool finds what is left of it
    assert pool.ask({"work": "echo"}).header["process"] != process


def test_a_hanging_child_is_ended() -> None:
    pool = Pool(MODULE, {}, size=1, seconds=1.5)
    started = time.monotonic()
    assert failure(pool, "hang").code == "timeout"
    assert time.monotonic() - started < HANG_SECONDS
    pool.seconds = HANG_SECONDS
    assert pool.ask({"work": "echo"}).header["process"]
    pool.close()


def test_a_child_that_takes_nothing_is_ended() -> None:
    """The parent writes more than the pipe holds to a child that does not read."""
    pool = Pool(MODULE, {}, size=1, seconds=HANG_SECONDS)
    pool.ask({"work": "deaf"})
    pool.seconds = 1.5
    time.sleep(0.6)
    with pytest.raises(Failed) as caught:
        pool.ask({"work": "echo"}, [bytes(1_000_000)])
    assert caught.value.code == "timeout"
    pool.close()


def test_memory_has_an_end(pool: Pool) -> None:
    assert failure(pool, "eat").code == "memory"


def test_processor_time_has_an_end(pool: Pool) -> None:
    """The child is allowed one second for each message."""
    failed = failure(pool, "spin")
    assert failed.code == "timeout"
    assert failed.detail["status"] in (-signal.SIGXCPU, -signal.SIGALRM)  # on a busy machine the clock is faster


def test_a_message_waits_for_a_free_child_and_not_forever() -> None:
    pool = Pool(MODULE, {}, size=1, seconds=1)
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(failure, pool, "hang")
        time.sleep(0.1)
        quick = threads.submit(pool.ask, {"work": "echo"})
        codes = {slow.result().code, _code(quick.exception())}
    assert "timeout" in codes
    assert codes <= {"timeout", "busy", ""}
    pool.close()


def _code(error: BaseException | None) -> str:
    return error.code if isinstance(error, Failed) else ""


def test_children_are_renewed_after_many_messages(pool: Pool) -> None:
    process = pool.ask({"work": "echo"}).header["process"]
    for _ in range(LONGEST_LIFE - 1):
        assert pool.ask({"work": "echo"}).header["process"] == process
    assert pool.ask({"work": "echo"}).header["process"] != process


def test_children_end_with_their_parent() -> None:
    pool = Pool(MODULE, {}, size=1, seconds=HANG_SECONDS)
    process = pool.ask({"work": "echo"}).header["process"]
    pool.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_pools_are_shared_by_module_and_environment() -> None:
    first = pool_of(MODULE, {"A": "1"}, 1, 5)
    assert pool_of(MODULE, {"A": "1"}, 1, 5) is first
    assert pool_of(MODULE, {"A": "2"}, 1, 5) is not first


def test_refusals_are_named() -> None:
    assert Refused("why", page=3).detail == {"page": 3}


def test_a_child_that_hangs_in_native_code_is_ended() -> None:
    pool = Pool(MODULE, {}, size=1, seconds=1.5)
    assert failure(pool, "native").code == "timeout"
    pool.seconds = HANG_SECONDS
    assert pool.ask({"work": "echo"}).header["process"]
    pool.close()


def test_a_child_that_waits_ends_by_itself_when_its_parent_does_not_care() -> None:
    """One second of processor time: three on the clock, whatever the parent does, who would have waited longer."""
    child = Child(MODULE, {})
    with pytest.raises(Failed) as caught:
        child.ask({"work": "native"}, [], HANG_SECONDS)
    assert caught.value.code == "timeout"
    assert caught.value.detail["status"] == -signal.SIGALRM


@pytest.mark.parametrize("work", ["babble", "boast"])
def test_a_child_that_answers_garbage_is_ended(pool: Pool, work: str) -> None:
    process = pool.ask({"work": "echo"}).header["process"]
    assert failure(pool, work).code == "garbled"
    assert pool.ask({"work": "echo"}).header["process"] != process


def test_an_answer_to_another_message_is_not_taken_for_this_ones(pool: Pool) -> None:
    """The stray answer comes first; whoever waited must not get it, and nobody the one after it."""
    assert pool.ask({"work": "echo"}, [b"first"]).blobs == (b"first",)
    assert failure(pool, "stray").code == "garbled"
    assert pool.ask({"work": "echo"}, [b"second"]).blobs == (b"second",)


@pytest.mark.parametrize(
    "sent",
    [
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x02{}",
        b"\x00\x00\x00\x02[]",
        b"\x00\x00\x00\x03\xff\xfe\xfd",
        b'\x00\x00\x00\x0e{"sizes":[-1]}',
        b'\x00\x00\x00\x10{"sizes":[true]}',
        b"\x00\x01\x86\xa0" + b"[" * 100_000,
    ],
)
def test_what_is_no_message_is_garbled(sent: bytes) -> None:
    with pytest.raises(Garbled):
        read_frame(BytesIO(sent))


def test_a_child_that_talks_is_heard_out_and_answers(pool: Pool) -> None:
    assert pool.ask({"work": "flood"}, [b"x"]).blobs == (b"x",)


def test_last_words_are_told(pool: Pool) -> None:
    assert failure(pool, "say goodbye").detail == {"status": 3, "said": "goodbye"}


def test_nothing_is_left_of_a_child(pool: Pool) -> None:
    folder = Path(pool.ask({"work": "leave", "at": "page.jpg"}).header["folder"])
    assert (folder / "page.jpg").exists()
    assert failure(pool, "die").code == "died"
    assert not folder.exists()


def test_programs_end_with_the_child_that_started_them(pool: Pool) -> None:
    process = pool.ask({"work": "start", "at": "61.5"}).header["process"]
    assert _members(process) == 2
    assert failure(pool, "die").code == "died"
    _wait(lambda: not _members(process))


def _wait(is_so: Callable[[], bool]) -> None:
    """Until it is so."""
    until = time.monotonic() + HANG_SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def _members(group: int) -> int:
    """How many processes of the group still run."""
    stats = [path.read_text() for path in Path("/proc").glob("[0-9]*/stat")]
    fields = [stat.rpartition(")")[2].split() for stat in stats]
    return sum(int(one[2]) == group and one[0] != "Z" for one in fields)


def test_no_zombie_is_left(pool: Pool) -> None:
    process = pool.ask({"work": "echo"}).header["process"]
    assert failure(pool, "die").code == "died"
    assert not Path(f"/proc/{process}").exists()


def test_a_child_that_cannot_be_started_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    pool = Pool(MODULE, {}, size=1, seconds=HANG_SECONDS)
    assert failure(pool, "echo").code == "died"
    monkeypatch.undo()
    assert pool.ask({"work": "echo"}).header["process"]
    pool.close()


# The second wall


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who listens on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        yield listening


@pytest.mark.parametrize("work", ["connect", "send", "look up", "fetch"])
def test_no_child_reaches_the_network(pool: Pool, listener: socket.socket, work: str) -> None:
    port = str(listener.getsockname()[1])
    at = {"look up": "localhost", "fetch": f"http://127.0.0.1:{port}/"}.get(work, port)
    with pytest.raises(Failed) as caught:
        pool.ask({"work": work, "at": at})
    assert "a limited process may not" in caught.value.detail["trace"]
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.mark.parametrize("work", ["read", "write"])
def test_no_child_touches_other_files(pool: Pool, tmp_path: Path, work: str) -> None:
    secret = tmp_path / "canary"
    secret.write_text("secret")
    link = Path(pool.ask({"work": "echo"}).header["folder"]) / "link"
    link.symlink_to(secret)
    for at in (secret, link, ROOT / "instance" / "registry.key", ROOT / "registry" / ".." / "setup.cfg"):
        with pytest.raises(Failed) as caught:
            pool.ask({"work": work, "at": str(at)})
        assert "a limited process may not open" in caught.value.detail["trace"]
        link.parent.mkdir(exist_ok=True)  # the crash took it away
    assert secret.read_text() == "secret"


def test_a_child_reads_the_program_and_its_own_folder(pool: Pool) -> None:
    assert pool.ask({"work": "read", "at": str(ROOT / "templates" / "pdf" / "style.css")}).header["process"]
    folder = pool.ask({"work": "leave", "at": "own"}).header["folder"]
    assert pool.ask({"work": "read", "at": f"{folder}/own"}).header["process"]


@pytest.mark.parametrize("work", ["fork", "shell"])
def test_no_child_starts_others(pool: Pool, work: str) -> None:
    assert "a limited process may not" in failure(pool, work).detail["trace"]


def test_only_named_programs_are_started(pool: Pool) -> None:
    with pytest.raises(Failed) as caught:
        pool.ask({"work": "run", "at": "true"})
    assert "a limited process may not start true" in caught.value.detail["trace"]


# Who comes first


def _has(things: Sized, number: int) -> bool:
    return len(things) == number


def test_whoever_waits_longest_is_next() -> None:
    slots = Slots(["child"])
    assert slots.take(1) == "child"
    served: list[int] = []

    def wait(number: int) -> None:
        slots.take(HANG_SECONDS)
        served.append(number)

    threads = [Thread(target=wait, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        _wait(partial(_has, slots._waiting, number))
    for number, _thread in enumerate(threads, 1):
        slots.give("child")
        _wait(partial(_has, served, number))
    for thread in threads:
        thread.join()
    assert served == sorted(served)


def test_who_gave_up_waiting_takes_nothing_away() -> None:
    slots = Slots(["child"])
    slots.take(1)
    with pytest.raises(TimeoutError):
        slots.take(0.01)
    slots.give("child")
    assert slots.take(0) == "child"


def test_waiting_counts_to_the_time_for_an_answer() -> None:
    """Three seconds in all: the second message waits one of them, and is told so rather than cut short."""
    pool = Pool(MODULE, {}, size=1, seconds=HANG_SECONDS)
    pool.ask({"work": "echo"})
    pool.seconds = 3
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(failure, pool, "hang")
        _wait(lambda: not pool._slots._free)
        assert failure(pool, "echo").code == "busy"
        assert not slow.done(), "it waited for the other's end"
        assert slow.result().code == "timeout"
    pool.close()


def test_a_forked_server_process_has_pools_of_its_own() -> None:
    """Even when it was forked while another thread held the lock."""
    mine = pool_of(MODULE, {"FORKED": "1"}, 1, HANG_SECONDS)
    first = mine.ask({"work": "echo"}).header["process"]
    with parent._lock:
        number = os.fork()
        if number == 0:
            other = pool_of(MODULE, {"FORKED": "1"}, 1, HANG_SECONDS)
            is_well = other is not mine and other.ask({"work": "echo"}).header["process"] != first
            other.close()
            os._exit(0 if is_well else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) == 0
    assert mine.ask({"work": "echo"}).header["process"] == first
    mine.close()
