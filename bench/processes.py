"""What Linux knows about a process and its descendants: CPU time and memory, read from /proc."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Stat:
    """What `/proc/PID/stat` says; CPU times in seconds, those of `reaped` children that ended apart."""

    pid: int
    parent: int
    own: float
    reaped: float


def parse_stat(text: str) -> Stat:
    """The fields are in proc_pid_stat(5); the name, the second one, may hold spaces and parentheses itself."""
    head, _, tail = text.rpartition(")")
    fields = tail.split()
    user, system, children_user, children_system = (int(field) / TICKS for field in fields[11:15])
    return Stat(
        pid=int(head.partition(" ")[0]),
        parent=int(fields[1]),
        own=user + system,
        reaped=children_user + children_system,
    )


def parse_status(text: str, name: str) -> int:
    """A size that `/proc/PID/status` names, in bytes."""
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key == name:
            number, unit = value.split()
            if unit != "kB":
                raise ValueError(f"{name} is given in {unit}, not in kB")
            return int(number) * 1024
    raise ValueError(f"there is no {name}")


def descent(pid: int) -> list[Stat]:
    """The process, its children, their children, and so on."""
    everybody = [stat for path in PROC.iterdir() if path.name.isdecimal() and (stat := _read_stat(path)) is not None]
    found = [stat for stat in everybody if stat.pid == pid]
    for ancestor in found:  # grows while it is walked
        found += [stat for stat in everybody if stat.parent == ancestor.pid]
    return found


def cpu_seconds(pid: int) -> float:
    """The CPU time that the process and its descendants have used, those that have ended included."""
    return sum(stat.own + stat.reaped for stat in descent(pid))


def resident(pid: int) -> int:
    """The resident memory of the process and its descendants in bytes."""
    return sum(_size(stat.pid, "VmRSS") for stat in descent(pid))


def peak(pid: int) -> int:
    """The most resident memory that each has had since `forget_peak`, added up."""
    return sum(_size(stat.pid, "VmHWM") for stat in descent(pid))


def forget_peak(pid: int) -> None:
    for stat in descent(pid):
        (PROC / str(stat.pid) / "clear_refs").write_text("5", encoding="ascii")


def wait_until_idle(pid: int, *, quiet: float = 0.2, at_most: float = 15.0) -> bool:
    """Wait until the process has used no CPU time for a while; False if it goes on and on.

    A server that answers first and works later is to be charged with all of it.
    """
    deadline = time.monotonic() + at_most
    before, since = cpu_seconds(pid), time.monotonic()
    while time.monotonic() < deadline:
        time.sleep(0.02)
        now = cpu_seconds(pid)
        if now - before > 1.5 / TICKS:
            before, since = now, time.monotonic()
        elif time.monotonic() - since > quiet:
            return True
    return False


def _read_stat(folder: Path) -> Stat | None:
    try:
        return parse_stat((folder / "stat").read_text(encoding="utf-8", errors="replace"))
    except (FileNotFoundError, ProcessLookupError):  # it has ended since it was listed
        return None


def _size(pid: int, name: str) -> int:
    return parse_status((PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace"), name)
