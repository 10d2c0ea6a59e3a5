"""Calls by way of a worker process: what arrives, and what happens when something never does."""

from __future__ import annotations

import gc
import math
import os
import queue
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

import pytest
from tests.hosts.nuke.test_old_python import python_39

from rotomatte_hosts.resolve.bridge import Bridge
from rotomatte_plugin.errors import HostError

MODULE = """
import math, os, sys, threading


class Track:
    def __init__(self, number):
        self.number = number

    def __repr__(self):
        return f"Track (0x{self.number}) [App: 'Resolve']"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return None

    def GetNumber(self):
        return self.number


class Constant:
    pass


class Resolve(Track):
    EXPORT_OTIO = Constant()
    COMPOSITE_ALPHA = 28.0
    CurrentTime = 12.5

    def Echo(self, *values):
        return list(values)

    def Keys(self, values):
        return sorted((type(key).__name__, key) for key in values)

    def Tracks(self):
        return {1: Track(1), 2.0: [Track(2)]}

    def Numbers(self, tracks):
        return [track.number for track in tracks]

    def IsExport(self, value):
        return value is Resolve.EXPORT_OTIO

    def Odd(self):
        return [math.nan, math.inf, 1, 1.0, True, None, "caf\\u00e9 \\ud83c\\udfac"]

    def Chatter(self):
        print('{"id": 4, "value": "not this"}', flush=True)
        os.write(1, b"and more\\n")
        return sys.stdin.read() or "quiet"

    def Raise(self):
        raise TypeError("no such thing.")

    def Hang(self):
        threading.Event().wait()

    def Crash(self):
        os.write(2, b"first\\nundefined symbol\\n")
        os._exit(7)

    def Known(self):
        import gc
        return sum(isinstance(item, Track) for item in gc.get_objects())


def scriptapp(name):
    return Resolve(0)
"""


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    (tmp_path / "DaVinciResolveScript.py").write_text(MODULE, encoding="utf-8")
    made = Bridge(Path(sys.executable), {}, limits_s={"Hang": 0.1}, call_s=20.0)
    yield made
    made.close()


@pytest.fixture
def resolve(bridge: Bridge, tmp_path: Path) -> Any:
    return bridge.connect(tmp_path, None, 20.0)


def test_values_arrive_as_they_are(resolve: Any) -> None:
    odd = resolve.Odd()
    assert math.isnan(odd[0])
    assert odd[1:] == [math.inf, 1, 1.0, True, None, "café 🎬"]
    assert [type(value) for value in odd[1:5]] == [float, int, float, bool]
    sent = [{"a": {1001.0: [1, (2, 3)]}, 1: -math.inf}, "ü", None]
    assert resolve.Echo(*sent) == [{"a": {1001.0: [1, [2, 3]]}, 1: -math.inf}, "ü", None]
    assert resolve.Keys({1: 0, 2.0: 0}) == [["float", 2.0], ["int", 1]]


def test_objects_are_handles_that_can_be_given_back(resolve: Any) -> None:
    tracks = resolve.Tracks()
    assert tracks[1].GetNumber() == 1
    assert tracks[2.0][0].GetNumber() == 2
    assert resolve.Numbers([tracks[2.0][0], tracks[1]]) == [2, 1]


def test_constants_stay_the_same_object(resolve: Any) -> None:
    assert resolve.IsExport(resolve.EXPORT_OTIO) is True
    assert resolve.IsExport("EXPORT_OTIO") is False
    assert resolve.COMPOSITE_ALPHA == 28.0
    assert resolve.CurrentTime == 12.5


def test_an_object_is_as_little_as_resolves_own(resolve: Any) -> None:
    assert resolve.NoSuchMethod is None
    assert hasattr(resolve, "NoSuchMethod")
    with pytest.raises(TypeError, match="NoneType"):
        resolve.NoSuchMethod()
    assert "Echo" in dir(resolve)
    assert "NoSuchMethod" not in dir(resolve)
    first, second = (resolve.Tracks()[1] for _ in range(2))
    assert first != second
    with pytest.raises(TypeError, match="unhashable"):
        hash(first)
    with pytest.raises(AttributeError):
        first.Name = "new"


def test_an_object_of_something_else_is_not_sent(resolve: Any) -> None:
    with pytest.raises(TypeError, match="nothing that Resolve takes"):
        resolve.Echo(object())


def test_chatter_does_not_break_the_pipe(resolve: Any) -> None:
    assert resolve.Chatter() == "quiet"
    assert resolve.Echo(1) == [1]


def test_what_is_raised_is_told_and_the_next_call_goes_on(resolve: Any) -> None:
    with pytest.raises(HostError, match=r"Resolve's Track\.Raise failed: TypeError: no such thing\. "):
        resolve.Raise()
    assert resolve.Echo(1) == [1]


def test_objects_that_nobody_holds_are_let_go(resolve: Any) -> None:
    held = [resolve.Tracks() for _ in range(10)]
    assert resolve.Known() == 21
    del held
    gc.collect()
    resolve.Echo()
    assert resolve.Known() == 1


def test_a_call_that_never_returns_ends_the_worker(bridge: Bridge, resolve: Any) -> None:
    track = resolve.Tracks()[1]
    with pytest.raises(HostError, match=r"has not answered Track\.Hang for 0\.1 s\..*restart Resolve") as first:
        resolve.Hang()
    assert first.value.exit_code == 9
    assert not is_alive(bridge.pid)
    for late in (lambda: track.GetNumber(1), lambda: resolve.Echo(1), lambda: dir(track)):
        with pytest.raises(HostError, match="Hang"):
            late()


def test_a_crash_is_told_with_its_last_words(bridge: Bridge, resolve: Any) -> None:
    with pytest.raises(HostError, match=r"ended at Track\.Crash \(undefined symbol\)"):
        resolve.Crash()
    with pytest.raises(HostError, match="Crash"):
        resolve.Echo(1)
    assert not is_alive(bridge.pid)


def test_an_answer_that_came_too_late_is_not_taken_for_the_next(bridge: Bridge, resolve: Any) -> None:
    class Interrupted(queue.SimpleQueue[Optional[str]]):
        def get(self, *_: Any, **__: Any) -> Any:
            bridge._answers = answers
            raise KeyboardInterrupt

    answers, bridge._answers = bridge._answers, Interrupted()
    with pytest.raises(KeyboardInterrupt):
        resolve.Echo("first")
    assert resolve.Echo("second") == ["second"]


def test_the_worker_ends_with_its_bridge(bridge: Bridge, resolve: Any) -> None:
    bridge.close()
    assert not is_alive(bridge.pid)
    with pytest.raises(HostError, match="was closed"):
        resolve.Echo(1)
    bridge.close()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of a process that is not ours")
@pytest.mark.parametrize("end", ["raise SystemExit", "os._exit(1)", "resolve.Hang()"])
def test_the_worker_ends_with_the_process_that_asked(tmp_path: Path, end: str) -> None:
    (tmp_path / "DaVinciResolveScript.py").write_text(MODULE, encoding="utf-8")
    program = f"""
import os, sys, threading
from pathlib import Path
from rotomatte_hosts.resolve.bridge import Bridge
bridge = Bridge(Path(sys.executable), {{}}, limits_s={{"Hang": 60.0}})
resolve = bridge.connect(Path({str(tmp_path)!r}), None, 20.0)
print(bridge.pid, flush=True)
sys.stdin.readline()
if {end!r} == "resolve.Hang()":
    threading.Timer(0.1, os._exit, [1]).start()
{end}
"""
    asking = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with asking:
        ended = os.pidfd_open(int(asking.stdout.readline()))  # type: ignore[union-attr]
        asking.communicate(b"\n")
        assert select.select([ended], [], [], 20.0)[0] == [ended]
        os.close(ended)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_worker_runs_in_resolves_oldest_python(tmp_path: Path) -> None:
    python = python_39()
    if python is None:
        pytest.skip("no Python 3.9 is on this machine")
    (tmp_path / "DaVinciResolveScript.py").write_text(MODULE, encoding="utf-8")
    bridge = Bridge(Path(python), {})
    try:
        assert bridge.about(20.0)[:2] == (3, 9)
        assert bridge.connect(tmp_path, None, 20.0).Numbers([]) == []
    finally:
        bridge.close()
