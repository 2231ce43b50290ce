"""What reading an export archive costs: honest ones as they grow, and small ones that want to harm.

Each archive is made in a temporary folder and read in a process of its own, so that its peak of
memory is its own too. Printed are the size of the ZIP, processor time, what the peak grew by while
it was read, and what came of it. Everything in the archives is fictional.

    python benchmarks/archives.py
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

_MESSAGES = "FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT\n"
_ROW = (
    "Bo,https://www.linkedin.com/in/bo-sample,Ada,https://www.linkedin.com/in/ada-example,"
    "2024-01-02 03:04:{:02} UTC,,{}\n"
)
_RECEIPTS = "Transaction Made At,Invoice Number,Description,Total Amount\n"
_READ = """
import sys, time
from eligibility import ArchiveError
from eligibility.linkedin import read_archive
def peak():
    with open("/proc/self/status") as file:
        return int(next(line for line in file if line.startswith("VmHWM")).split()[1]) / 1024
before, start = peak(), time.process_time()
try:
    history = read_archive(sys.argv[1]).history
    came = f"{len(history.messages):,} messages, {len(history.premium):,} receipts"
except ArchiveError as error:
    came = error.problems[0].code
print(f"{time.process_time() - start:6.2f} s  +{peak() - before:4.0f} MB  {came}")
"""


def _messages(count: int, text: str = "x" * 100) -> str:
    return _MESSAGES + "".join(_ROW.format(n % 60, text) for n in range(count))


def _receipts(count: int) -> str:
    row = "2024-08-{:02} 11:57:00 UTC,INV-{},LinkedIn Premium Career (monthly),35.99\n"
    return _RECEIPTS + "".join(row.format(n % 28 + 1, n) for n in range(count))


def archives() -> Iterator[tuple[str, dict[str, str]]]:
    """Archives by what they are: the names of their files, and what is in them."""
    for count in (2_000, 20_000, 200_000):
        yield (
            f"{count:,} messages, 500 receipts",
            {
                "messages.csv": _messages(count),
                "Receipts.csv": _receipts(500),
            },
        )
    yield "999,990 equal rows", {"messages.csv": _MESSAGES + _ROW.format(5, "") * 999_990}
    head = "DATE,CONTENT\n"
    many = range(250)
    yield "millions of blank rows", {f"{n}/messages.csv": head + "\n" * 900_000 for n in many}
    yield (
        "quotations that never close",
        {f"{n}/messages.csv": f'{head}"' + "x\n" * 500_000 for n in many},
    )
    yield "rows of half a million cells", {f"{n}/messages.csv": head + "x," * 500_000 for n in many}
    yield (
        "addresses of a megabyte",
        {
            f"{n}/messages.csv": _MESSAGES + f"Bo,linkedin.com/in/{'%41' * 300_000},,,,,\n"
            for n in many
        },
    )
    yield (
        "headers of 30,000 columns",
        {
            "Profile.csv": "",
            **{f"{n}.csv": ("x," * 30_000 + "\n") * 4 for n in range(2_500)},
        },
    )
    yield "60,000 files", {"messages.csv": "", **{f"a/{n}.jpg": "" for n in range(60_000)}}


def main() -> None:
    """Make, read and print one archive after the other."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (what, files) in enumerate(archives()):
            path = Path(folder) / f"{number}.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
                for name, text in files.items():
                    zipped.writestr(name, text)
            print(f"{what:32} {path.stat().st_size / 1000:8,.0f} kB", end="  ", flush=True)
            subprocess.run([sys.executable, "-c", _READ, str(path)], check=True)  # noqa: S603 - our own
            path.unlink()


if __name__ == "__main__":
    main()
