"""The system check: no bench where real people are settled."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

MIDDLEWARE = "yidi.gateway.faults.middleware.FaultBench"


@register(Tags.security)
def no_bench_in_production(**_: Any) -> list[CheckMessage]:
    """An error where the bench is wanted or loaded outside a demo."""
    loaded = MIDDLEWARE in settings.MIDDLEWARE
    if settings.DEMO or not (loaded or settings.FAULT_BENCH or settings.FAULT_BENCH_WANTED):
        return []
    return [
        Error(
            "故障台（YIDI_FAULT_BENCH）只能在演示环境（YIDI_DEMO=1）中开启。",
            hint="请去掉 YIDI_FAULT_BENCH；生产环境中不能有会丢失或篡改应答的设置。",
            id="gateway_faults.E001",
        )
    ]
