"""The words of this room."""

from yidi.values.terms import Term


class Kind(Term):
    """目录类别"""

    DRUG = "drug", "药品", "drug"
    SERVICE = "service", "医疗服务项目", "medical service"
    CONSUMABLE = "consumable", "医用耗材", "consumable"


class Part(Term):
    """目录的各部分，分别下载（目录类别）"""

    DRUGS = "drugs", "西药中成药", "western and Chinese patent drugs"
    SLICES = "slices", "中药饮片", "herbal slices"
    PREPARATIONS = "preparations", "自制剂", "preparations of hospitals"
    ETHNIC = "ethnic", "民族药", "drugs of ethnic groups"
    SERVICES = "services", "医疗服务项目", "medical services"
    CONSUMABLES = "consumables", "医用材料", "consumables"


class Category(Term):
    """The fourteen charge categories of a bill, in the order of the national list (医疗收费项目类别)."""

    BED = "bed", "床位费", "bed"
    CONSULTATION = "consultation", "诊察费", "consultation"
    EXAMINATION = "examination", "检查费", "examination"
    LABORATORY = "laboratory", "化验费", "laboratory"
    TREATMENT = "treatment", "治疗费", "treatment"
    SURGERY = "surgery", "手术费", "surgery"
    NURSING = "nursing", "护理费", "nursing"
    MATERIAL = "material", "卫生材料费", "material"
    WESTERN_DRUG = "western-drug", "西药费", "western drug"
    HERBAL_SLICE = "herbal-slice", "中药饮片费", "herbal slices"
    PATENT_DRUG = "patent-drug", "中成药费", "Chinese patent drug"
    GENERAL_SERVICE = "general-service", "一般诊疗费", "general service"
    REGISTRATION = "registration", "挂号费", "registration"
    OTHER = "other", "其他费", "other"


ANY_DISEASE = "any"
"""In `chronic_groups`: belongs to the care of every disease (services and consumables)."""
