"""What the catalogues refuse."""

from yidi.values.errors import Refusal


class NoCatalogue(Refusal):
    """A region without any catalogue on a day: not the same as an item that is not payable."""

    code = "CATALOGUE-MISSING"
    zh = "{region} 在 {on} 没有可用的医保目录，无法拆分费用。请先装载该地区的目录。"
    en = "{region} has no catalogue on {on}, so a bill cannot be split. Load the region's catalogue first."
