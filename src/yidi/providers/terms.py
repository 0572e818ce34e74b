"""The words of this room."""

from yidi.values.terms import Level, Term


class Kind(Term):
    """机构类型"""

    HOSPITAL = "hospital", "医院", "hospital"
    COMMUNITY = "community", "基层医疗卫生机构", "community health centre"
    CLINIC = "clinic", "诊所", "clinic"
    PHARMACY = "pharmacy", "药店", "pharmacy"


NAMES_OF_KIND = (
    (Kind.PHARMACY, ("药店", "药房", "大药房")),
    (Kind.COMMUNITY, ("社区卫生", "卫生院", "卫生服务", "卫生室")),
    (Kind.CLINIC, ("诊所", "门诊部", "医务室", "卫生所")),
    (Kind.HOSPITAL, ("医院", "保健院", "医疗中心", "防治院", "防治所")),
)
"""What a name or the source's own word for the kind gives away; the first that fits wins."""

LEVEL_OF_GRADE = {
    "三级": Level.TERTIARY,
    "二级": Level.SECONDARY,
    "一级": Level.PRIMARY,
    "药店": Level.PHARMACY,
}
"""The first two characters of the official grade (三级甲等 …) decide the level that benefits depend on."""
