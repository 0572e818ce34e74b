from django.apps import AppConfig


class FaultsConfig(AppConfig):
    name = "yidi.gateway.faults"
    label = "gateway_faults"

    def ready(self) -> None:
        from yidi.gateway.faults import checks  # noqa: F401
