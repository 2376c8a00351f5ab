"""What is read from /proc, held against texts that Linux writes and against this process."""

import os
import subprocess
import sys
import time

import pytest

from bench.processes import TICKS, cpu_seconds, descent, parse_stat, parse_status, peak, resident

# Field 14 (utime) is 1100 ticks, 15 (stime) 200, 16 (cutime) 30, 17 (cstime) 4.
STAT = "4711 (a (strange) name) S 17 4711 4711 0 -1 4194560 900 0 0 0 1100 200 30 4 20 0 3 0 5000 1 2 3\n"
STATUS = "Name:\tpython3\nVmPeak:\t  900 kB\nVmHWM:\t   64 kB\nVmRSS:\t   32 kB\nThreads:\t1\n"

SPEND = "import time\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\ntime.sleep(60)"


def test_reads_the_times_of_a_process_and_of_its_reaped_children() -> None:
    stat = parse_stat(STAT)
    assert (stat.pid, stat.parent) == (4711, 17)
    assert stat.own == pytest.approx(1300 / TICKS)
    assert stat.reaped == pytest.approx(34 / TICKS)


def test_reads_sizes_in_bytes() -> None:
    assert (parse_status(STATUS, "VmHWM"), parse_status(STATUS, "VmRSS")) == (65536, 32768)
    with pytest.raises(ValueError, match="there is no VmSwap"):
        parse_status(STATUS, "VmSwap")
    with pytest.raises(ValueError, match="not in kB"):
        parse_status("VmRSS: 5 MB", "VmRSS")


def test_work_of_this_process_and_of_its_children_counts() -> None:
    before = cpu_seconds(os.getpid())
    spend(0.3)
    with subprocess.Popen([sys.executable, "-S", "-c", SPEND], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert {stat.pid for stat in descent(os.getpid())} >= {os.getpid(), child.pid}
        living = cpu_seconds(os.getpid()) - before
        child.kill()
    ended = cpu_seconds(os.getpid()) - before
    assert living == pytest.approx(0.6, abs=0.15)
    assert ended == pytest.approx(0.6, abs=0.15)


def test_memory_that_is_touched_is_resident() -> None:
    before = resident(os.getpid())
    block = b"x" * 50_000_000
    assert resident(os.getpid()) - before == pytest.approx(len(block), rel=0.1)
    touched = resident(os.getpid())
    assert peak(os.getpid()) >= touched


def spend(seconds: float) -> None:
    """CPU time of this process."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
