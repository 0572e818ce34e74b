"""What the fault bench refuses."""

from yidi.values.errors import Refusal


class BenchOff(Refusal):
    code = "FAULT-BENCH-OFF"
    zh = (
        "故障台没有开启，{what}。它只供厂商在演示环境中测试："
        "请在同时设置了 YIDI_DEMO=1 与 YIDI_FAULT_BENCH=1 的环境中启动 yidi serve 并运行此命令；生产环境不能开启。"
    )
    en = (
        "The fault bench is off; {what_en}. It is for tests of vendors in a demo alone: run yidi serve and this command "
        "with YIDI_DEMO=1 and YIDI_FAULT_BENCH=1. It cannot be on in production."
    )


class BadParameter(Refusal):
    code = "FAULT-PARAMETER"
    zh = "故障“{kind}”不接受参数 {given}：{takes}。请改正后重试。"
    en = "The fault “{kind}” does not take the parameter {given}: {takes_en}. Correct it and try again."


class BadWhen(Refusal):
    code = "FAULT-WHEN"
    zh = "没有说清在哪些报文上发生：请给出报文序号（从 1 起），或者给出种子与比例（大于 0、不超过 100%），二者择一。"
    en = (
        "Say at which messages: either their numbers from one, or a seed with a rate above 0 and up to 100 %."
    )
