"""Rotomatte as a Blender extension: a zip with a manifest, two lines of code, and a wheel with everything else.

Code inside a wheel imports itself by its own name, as it does outside of Blender. The wheel's version carries a hash of
what is in it, since Blender leaves a wheel alone of which it has that version already. Nothing is compressed and no
time is written down: the same sources give the same bytes.

Manifest: https://docs.blender.org/manual/en/latest/advanced/extensions/getting_started.html. Wheel: PEP 427 and
https://packaging.python.org/en/latest/specifications/binary-distribution-format/.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from rotomatte_plugin.errors import OutputError

EXTENSION = "rotomatte"
"""The extension's id."""

_WHEEL_NAME = "rotomatte_blender"
_INIT = b'"""Rotomatte in Blender."""\n\nfrom rotomatte_hosts.blender.extension import register, unregister\n'
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


def extension_zip(version: str) -> bytes:
    """The extension's zip; ``version`` is Rotomatte's, as 1.2.3.

    Raises:
        OutputError: this installation lacks a part of it.
    """
    wheel_name, wheel = _wheel(version)
    blender = _package("rotomatte_hosts") / "blender"
    manifest = (blender / "blender_manifest.toml").read_text(encoding="utf-8")
    manifest = manifest.replace('"0.0.0"', f'"{version}"').replace("WHEEL", wheel_name)
    return _zipped(
        {
            "LICENSE": (blender / "LICENSE").read_bytes(),
            "__init__.py": _INIT,
            "blender_manifest.toml": manifest.encode(),
            f"wheels/{wheel_name}": wheel,
        }
    )


def _wheel(version: str) -> tuple[str, bytes]:
    """The wheel's file name and its bytes."""
    files = _sources()
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    full = f"{version}+{digest.hexdigest()[:12]}"
    info = f"{_WHEEL_NAME}-{full}.dist-info"
    metadata = (
        f"Metadata-Version: 2.4\nName: {_WHEEL_NAME}\nVersion: {full}\n"
        "License-Expression: GPL-3.0-or-later AND Apache-2.0\nRequires-Python: >=3.9\n"
    )
    files[f"{info}/METADATA"] = metadata.encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: rotomatte\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD")
    return f"{_WHEEL_NAME}-{full}-py3-none-any.whl", _zipped(files)


def _sources() -> dict[str, bytes]:
    """What runs inside Blender, by its name in the wheel."""
    plugin, hosts = _package("rotomatte_plugin"), _package("rotomatte_hosts")
    paths = (*plugin.rglob("*.py"), hosts / "__init__.py", *(hosts / "blender").rglob("*.py"))
    roots = {path: (plugin if plugin in path.parents else hosts).parent for path in paths}
    named = {path.relative_to(root).as_posix(): path.read_bytes() for path, root in roots.items()}
    return dict(sorted(named.items()))


def _record(files: Mapping[str, bytes], own: str) -> bytes:
    lines = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join([*lines, f"{own},,\n"]).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _FIRST_TIME)
            # Otherwise the system that builds it would be seen in it.
            entry.create_system, entry.external_attr = 3, _READABLE
            archive.writestr(entry, content)
    return stream.getvalue()


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise OutputError(f"The package {name} is not installed.", remedy="Run `python3 install/bootstrap.py`.")
    return Path(next(iter(spec.submodule_search_locations))).resolve()
