"""Why a bill cannot be decided."""

from yidi.values.errors import Refusal


class LevelUnknown(Refusal):
    code = "BILL-LEVEL"
    zh = "{provider}在登记中没有机构级别，无法确定报销比例。请联系就医地经办机构核实并补登级别。"
    en = "The register holds no level for {provider}, so no share can be told. Ask the care region's agency to add it."
