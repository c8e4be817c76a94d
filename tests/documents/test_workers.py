"""Children with limits: a crash, a hang or a bomb ends the child, and the next message finds a fresh one."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest

from registry.documents.workers.child import Refused
from registry.documents.workers.frames import Closed, read_frame, write_frame
from registry.documents.workers.parent import LONGEST_LIFE, Failed, Pool, pool_of

from . import misbehaving

MODULE = misbehaving.__name__


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
    time.sleep(0.2)
    assert pool.ask({"work": "echo"}).header["process"] != process


def test_a_hanging_child_is_ended() -> None:
    pool = Pool(MODULE, {}, size=1, seconds=1.5)
    started = time.monotonic()
    assert failure(pool, "hang").code == "timeout"
    assert time.monotonic() - started < 5
    assert pool.ask({"work": "echo"}).header["process"]
    pool.close()


def test_a_child_that_takes_nothing_is_ended() -> None:
    """The parent writes more than the pipe holds to a child that does not read."""
    pool = Pool(MODULE, {}, size=1, seconds=3)
    pool.ask({"work": "deaf"})
    time.sleep(0.6)
    with pytest.raises(Failed) as caught:
        pool.ask({"work": "echo"}, [bytes(1_000_000)])
    assert caught.value.code == "timeout"
    pool.close()


def test_memory_has_an_end(pool: Pool) -> None:
    assert failure(pool, "eat").code == "memory"


def test_processor_time_has_an_end(pool: Pool) -> None:
    """The child is allowed one second for each message."""
    assert failure(pool, "spin").code == "died"


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
    pool = Pool(MODULE, {}, size=1, seconds=5)
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
