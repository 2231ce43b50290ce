"""Safe access to an archive, be it a ZIP or an unpacked folder: a path comes in, files go out.

A ZIP may be given as its bytes as well: what a server gets, it need not write down.
"""

from contextlib import AbstractContextManager
from pathlib import Path

from eligibility.linkedin.codes import refusal
from eligibility.linkedin.entries import Archive
from eligibility.linkedin.folder import open_folder
from eligibility.linkedin.stream import Meter
from eligibility.linkedin.zipped import open_zip


def open_archive(path: Path | bytes, meter: Meter) -> AbstractContextManager[Archive]:
    """The archive at a path, whatever the path is called: a folder may well end in `.zip`.

    Raises:
        ArchiveError: the archive is refused, with every reason that was found.
    """
    if isinstance(path, bytes):
        return open_zip(path, meter)
    try:
        if path.is_dir():
            return open_folder(path, meter)
        if not path.exists():
            raise refusal("archive-missing")
    except OSError as error:
        raise refusal("archive-not-readable") from error
    except ValueError as error:  # a NUL in the path
        raise refusal("archive-missing") from error
    return open_zip(path, meter)
