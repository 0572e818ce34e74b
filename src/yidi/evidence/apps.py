from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "yidi.evidence"
    label = "evidence"

    def ready(self) -> None:
        from django.core.signals import request_finished

        from yidi.evidence.services import erase_rolled_back

        request_finished.connect(erase_rolled_back, dispatch_uid="evidence-erase-rolled-back")
