"""Real engines for the tests of tables: a local Spark, and a PostgreSQL of the tests' own.

Where Java, PostgreSQL or their Python packages are missing, the tests that need them are skipped,
and say what to install. `ELIGIBILITY_MUST_RUN=java,postgres` makes them fail instead: so CI is sure
that they ran.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest
from must_run import missing

_DEBIAN: Final = Path("/usr/lib/postgresql")
#: Neither UTC nor the court's: a result that hangs on the zone of a session shows.
_ELSEWHERE: Final = "Asia/Kathmandu"


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark session on this machine, with several partitions and in a zone of its own."""
    if shutil.which("java") is None:
        missing("Java", "apt-get install openjdk-17-jre-headless")
    if find_spec("pyspark") is None:
        missing("Java", "pip install '.[spark]' brings PySpark, which runs on it")
    from pyspark.sql import SparkSession  # noqa: PLC0415 - the other tests need no Spark

    with tempfile.TemporaryDirectory(prefix="spark") as folder:
        session = (
            SparkSession.builder.master("local[2]")
            .appName("eligibility-tests")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.memory", "1g")
            # the tests are over before a second compiler would have paid for itself
            .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.default.parallelism", "2")
            .config("spark.sql.session.timeZone", _ELSEWHERE)
            # of small tables, nearly all the time goes into code for them and into planning anew
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .config("spark.sql.warehouse.dir", f"{folder}/warehouse")
            .config("spark.local.dir", folder)
            .config("spark.log.level", "ERROR")
            .config("spark.pyspark.python", sys.executable)
            .config("spark.executorEnv.PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
            .getOrCreate()
        )
        yield session
        session.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Where a PostgreSQL of our own listens: a folder with its socket. It goes with the tests."""
    programs = _postgres_programs()
    if programs is None:
        missing("Postgres", "apt-get install postgresql")
    if find_spec("psycopg") is None:
        missing("Postgres", "pip install 'psycopg[binary]' speaks to it")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    data, log = folder / "data", folder / "log"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c timezone={_ELSEWHERE}"
    try:
        if _is_root():  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
        _run(programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "-N")
        _run(programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            yield str(folder)
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_programs() -> Path | None:
    """Where `initdb` and `pg_ctl` are; Debian keeps them off the path, by version."""
    folders: Sequence[Path] = sorted(_DEBIAN.glob("*/bin"), key=lambda path: path.parent.name)
    on_path = shutil.which("initdb")
    found = [folder for folder in folders if (folder / "initdb").exists()]
    if found:
        return found[-1]
    return Path(on_path).resolve().parent if on_path else None


def _is_root() -> bool:
    return os.geteuid() == 0


def _run(program: Path, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs, as somebody who is not root."""
    command = [str(program), *map(str, arguments)]
    if _is_root():
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        check=False,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open for as long as the server runs
        stderr=subprocess.DEVNULL,
    )
    assert done.returncode == 0, f"{program.name} failed"
