"""Where the shipped data lies: inside the installed package, or at the root of a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOTS = (PACKAGE / "_data", PACKAGE.parents[1])
"""Searched in this order: a wheel carries `_data`, a checkout has the folders at its root."""


class MissingData(FileNotFoundError):
    """Shipped data that is not where it should be. Has the same face as a refusal: code, message, english."""

    code = "DATA-MISSING"

    def __init__(self, wanted: str, looked: tuple[Path, ...]) -> None:
        places = "、".join(str(root) for root in looked)
        self.message = f"找不到数据文件“{wanted}”：已查找 {places}。安装可能不完整，请重新安装 yidi。"
        self.english = (
            f"The data file “{wanted}” is missing (looked in {places}). The installation may be incomplete: "
            "install yidi again."
        )
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"[{self.code}] {self.message}"


def data_path(*parts: str) -> Path:
    """The shipped file or folder `parts`, such as `data_path("reference", "divisions.csv")`.

    Raises MissingData, naming what is missing and where it was looked for.
    """
    for root in ROOTS:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise MissingData("/".join(parts), ROOTS)
