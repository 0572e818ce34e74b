"""Build hook: the policy packs and registers travel inside the wheel.

A checkout reads them where they lie, so an editable install must not carry a copy that goes stale. Hatch's
own force-include setting would make that copy, which is why this hook exists.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGED = {"policies": "yidi/_data/policies", "reference": "yidi/_data/reference"}


class PackagedData(BuildHookInterface):
    """Adds the top-level data folders to a real wheel, and nothing to an editable one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Runs before each build; ``version`` is hatch's word for the kind of wheel."""
        if version != "editable":
            build_data["force_include"].update(PACKAGED)
