"""How everything here is measured: in turns, in processor time, as medians; and on what machine."""

import gc
import os
import platform
import resource
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from time import process_time


def of_children() -> float:
    """The processor time of all subprocesses so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_turns(
    cases: dict[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = process_time,
) -> dict[str, float]:
    """The median seconds of each case, the cases taking turns, in another order each round."""
    names = list(cases)
    found: dict[str, list[float]] = {name: [] for name in names}
    for case in cases.values():
        case()
    for at in range(rounds):
        for name in names[at % len(names) :] + names[: at % len(names)]:
            gc.collect()
            start = clock()
            cases[name]()
            found[name].append(clock() - start)
    return {name: median(times) for name, times in found.items()}


def once(case: Callable[[], object], rounds: int) -> float:
    """The median seconds of some rounds, the first included: large cases run but once."""
    times = []
    for _ in range(rounds):
        gc.collect()
        start = process_time()
        case()
        times.append(process_time() - start)
    return median(times)


def machine() -> str:
    """What it ran on."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"{platform.system()} {platform.machine()}, {len(names)} times {names[:1]}, load {load}"


def installed(name: str) -> str:
    """A package and its version."""
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"
