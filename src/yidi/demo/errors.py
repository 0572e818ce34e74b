"""What the demo refuses."""

from yidi.values.errors import Refusal


class KitRegion(Refusal):
    code = "DEMO-REGION"
    zh = "测试数据只有{care}的目录，这家机构在{region}。请用一家{care}的机构开始对接检查。"
    en = "The test data have a catalogue of {care} alone, and this institution lies in {region}. Use one in {care}."


class KitCatalogue(Refusal):
    code = "DEMO-CATALOGUE"
    zh = "数据库中没有{care}的目录，测试就诊无法计算。请先运行 yidi load-reference --demo。"
    en = "The database holds no catalogue of {care}, without which the test visits come to nothing. Run yidi load-reference --demo first."
