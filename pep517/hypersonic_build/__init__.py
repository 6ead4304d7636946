"""The hooks of PEP 517 and PEP 660: each hands one request to the engine and returns its one answer.

This package decides nothing. Reading the project, compiling and packing is the engine's work, in a process of its
own, so that no crash there takes the front end along.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Settings = Mapping[str, Any] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """What building a wheel needs beside this package: nothing, once the project was found to be in order."""
    return _requirements("get_requires_for_build_wheel", config_settings)


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """What building a source distribution needs beside this package."""
    return _requirements("get_requires_for_build_sdist", config_settings)


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """What an editable installation needs beside this package."""
    return _requirements("get_requires_for_build_editable", config_settings)


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> str:
    """Write the `.dist-info` folder, without compiling; return its name."""
    return _name("prepare_metadata_for_build_wheel", metadata_directory, config_settings)


def prepare_metadata_for_build_editable(metadata_directory: str, config_settings: Settings = None) -> str:
    """Write the `.dist-info` folder, without compiling; return its name."""
    return _name("prepare_metadata_for_build_editable", metadata_directory, config_settings)


def build_wheel(
    wheel_directory: str,
    config_settings: Settings = None,
    metadata_directory: str | None = None,
) -> str:
    """Compile the project, write its wheel, return the wheel's name."""
    return _name("build_wheel", wheel_directory, config_settings, metadata_directory)


def build_editable(
    wheel_directory: str,
    config_settings: Settings = None,
    metadata_directory: str | None = None,
) -> str:
    """Compile the project, write a wheel that points to the sources, return the wheel's name."""
    return _name("build_editable", wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Write the source distribution, return its name."""
    return _name("build_sdist", sdist_directory, config_settings)


def _requirements(hook: str, config_settings: Settings) -> list[str]:
    from ._engine import request

    answer = request(hook, config_settings)
    assert isinstance(answer, list)
    return [str(requirement) for requirement in answer]


def _name(hook: str, directory: str, config_settings: Settings, metadata_directory: str | None = None) -> str:
    from ._engine import request

    answer = request(hook, config_settings, directory, metadata_directory)
    assert isinstance(answer, str)
    return answer
