"""What it costs to start, to import the library and check a file; and what memory a verdict takes.

Each program runs in interpreters of its own, with compiled modules in a folder that is made first,
as an installed package has them. Memory is the peak of the whole process.

    python benchmarks/start.py [--quick | --smoke]
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from turns import in_turns, installed, machine, of_children

HERE = Path(__file__).parent
ADA = str(HERE.parent / "examples" / "histories" / "ada.json")
USED = "from eligibility import AccountHistory, evaluate, read_history"
BARE, MODEL, DOOR, LIBRARY = "a bare interpreter", "pydantic", "import eligibility", "its names"
SHOWN, CHECK = "its names, and rich", "eligibility check"
PROGRAMS = {
    BARE: ["-c", "pass"],
    MODEL: ["-c", "import pydantic\nclass M(pydantic.BaseModel):\n    name: str"],
    DOOR: ["-c", "import eligibility"],
    LIBRARY: ["-c", USED],
    SHOWN: ["-c", f"{USED}\nimport rich.console"],
    CHECK: ["-m", "eligibility", "check", ADA],
}
PEAK = """
import sys
from fictional import stated
from eligibility import evaluate, read_history
def peak():
    with open("/proc/self/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("VmHWM")).split()[1]) / 1024
kind, messages = sys.argv[1], int(sys.argv[2])
evaluate(read_history(stated(kind, 2))).to_json()
text = stated(kind, messages)
before = peak()
history = read_history(text)
read = peak()
evaluate(history).to_json()
print(before, read, peak())
"""


def starting(rounds: int) -> None:
    """How long each program takes, in turns."""
    with tempfile.TemporaryDirectory() as compiled:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = compiled

        def run(arguments: list[str]) -> None:
            command = [sys.executable, *arguments]
            subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - the programs above

        cases = {name: lambda a=arguments: run(a) for name, arguments in PROGRAMS.items()}
        found = in_turns(cases, rounds, of_children)
    print(f"\n## Start (medians of {rounds} fresh interpreters)\n")
    print(f"{'':24} {'milliseconds':>12} {'of pydantic':>12} {'of ' + SHOWN:>24}")
    for name, seconds in found.items():
        ratios = f"{seconds / found[MODEL]:12.2f} {seconds / found[SHOWN]:24.2f}"
        print(f"{name:24} {seconds * 1e3:12.0f} {ratios}")


def memory(messages: int) -> None:
    """What reading takes, and a full verdict beside it."""
    print(f"\n## Memory at {messages:,} messages (megabytes at the peak of a whole process)\n")
    print(f"{'':14} {'before':>8} {'read':>8} {'verdict':>8} {'of read':>8}")
    for kind in ("eligible", "ineligible", "indeterminate"):
        command = [sys.executable, "-c", PEAK, kind, str(messages)]
        done = subprocess.run(  # noqa: S603 - the program above
            command, check=True, capture_output=True, encoding="ascii", cwd=HERE
        )
        before, read, verdict = map(float, done.stdout.split())
        print(f"{kind:14} {before:8.0f} {read:8.0f} {verdict:8.0f} {verdict / read:8.2f}")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a minute, not several")
    parser.add_argument("--smoke", action="store_true", help="seconds: only to see that it runs")
    given = parser.parse_args()
    print(f"Python {platform.python_version()}", installed("pydantic"), machine(), sep=", ")
    starting(1 if given.smoke else 7 if given.quick else 21)
    memory(20 if given.smoke else 20_000)


if __name__ == "__main__":
    main()
