import pytest
from linkedin_archives import write_folder, write_zip

from eligibility.linkedin import read_archive


@pytest.fixture(params=["zip", "folder"])
def read(request, tmp_path):
    """Reads an archive made of these files, once as a ZIP and once unpacked."""

    def reading(files, **options):
        write = write_zip if request.param == "zip" else write_folder
        path = write(tmp_path / "Complete_LinkedInDataExport.zip", files)
        return read_archive(path, **options)

    return reading


@pytest.fixture
def read_zip(tmp_path):
    """Reads a ZIP made of these files."""

    def reading(files, **options):
        return read_archive(write_zip(tmp_path / "export.zip", files), **options)

    return reading
