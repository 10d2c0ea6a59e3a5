"""What is printed while a library is hushed: its remarks are gone, all else comes through."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from rotomatte.plate.hushed import hushed

REMARKS = re.compile(rb".*\(EXR_ERR_")


def test_only_remarks_and_the_threads_own_output_are_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    with hushed(REMARKS):
        sys.stdout.write("Warning: dropped\n")
        os.write(2, b"/a/b.exr: (EXR_ERR_X) damaged\nkept error\nwithout an end")
        # Not even these while it lasts.
        assert capfd.readouterr().err == ""
    assert capfd.readouterr() == ("", "kept error\nwithout an end")
    sys.stdout.write("output\n")
    os.write(2, b"(EXR_ERR_ of somebody else\n")
    assert capfd.readouterr() == ("output\n", "(EXR_ERR_ of somebody else\n")


def test_an_error_inside_gives_the_streams_back(capfd: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout

    def fail() -> None:
        with hushed(REMARKS):
            os.write(2, b"before\n")
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        fail()
    os.write(2, b"after\n")
    assert sys.stdout is before
    assert capfd.readouterr().err == "before\nafter\n"


def test_no_line_of_another_thread_is_lost(capfd: pytest.CaptureFixture[str]) -> None:
    together = Barrier(2)

    def print_on() -> None:
        together.wait()
        for number in range(2000):
            os.write(2, b"%d\n" % number)
            sys.stdout.write(f"{number}\n")

    with ThreadPoolExecutor(1) as other:
        printing = other.submit(print_on)
        together.wait()
        while not printing.done():
            with hushed(REMARKS):
                os.write(2, b"(EXR_ERR_X)\n")
                sys.stdout.write("Warning\n")
    with hushed(REMARKS):
        """What was just being written when the last block ended comes with this one."""
    captured = capfd.readouterr()
    assert sorted(map(int, captured.err.split())) == list(range(2000))
    assert captured.out.split() == [str(number) for number in range(2000)]


_LATE = """
import os, re
from rotomatte.plate.hushed import hushed
with hushed(re.compile(b"x")):
    under_way = os.dup(2)
os.write(under_way, b"late\\n")
os.write(2, b"then\\n")
"""
"""A write that began within the block, as the system has it: on the file that stood for the stream."""


def test_what_ends_after_the_block_is_not_lost() -> None:
    next_block = "with hushed(re.compile(b'x')): pass\nos.write(2, b'end\\n')\n"
    for code, printed in ((_LATE, "then\nlate\n"), (_LATE + next_block, "then\nlate\nend\n")):
        done = subprocess.run(
            [sys.executable, "-Wd", "-c", code], capture_output=True, text=True, check=True, timeout=120
        )
        assert done.stderr == printed


@pytest.mark.skipif(sys.platform == "win32", reason="the size of files is limited by a call of Unix")
def test_where_nothing_more_can_be_written_plates_are_read_all_the_same() -> None:
    code = (
        "import os, re, resource; from rotomatte.plate.hushed import hushed\n"
        "most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]\n"
        "with hushed(re.compile(b'x')): under_way = os.dup(2)\n"
        "os.write(under_way, b'late\\n')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))\n"
        "with hushed(re.compile(b'x')): pass\n"
        "os.write(2, b'end\\n')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stderr == "end\nlate\n"


def test_a_process_without_streams_is_no_error() -> None:
    code = (
        "import os, re, sys; from threading import Thread; from rotomatte.plate.hushed import hushed\n"
        "os.close(2); sys.stdout = None; printed = []\n"
        "with hushed(re.compile(b'x')):\n"
        "    other = Thread(target=lambda: (print('to nobody'), printed.append(True))); other.start(); other.join()\n"
        "try: os.dup(2)\n"
        "except OSError: os._exit(7 if printed else 8)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode == 7


def test_blocks_of_two_threads_do_not_hush_each_other(capfd: pytest.CaptureFixture[str]) -> None:
    together = Barrier(2)

    def hush_and_print(name: str) -> None:
        together.wait()
        for _ in range(300):
            with hushed(REMARKS):
                sys.stdout.write("dropped\n")
            sys.stdout.write(f"{name}\n")

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(hush_and_print, name) for name in "ab"]:
            done.result()
    assert sorted(capfd.readouterr().out.split()) == ["a"] * 300 + ["b"] * 300
