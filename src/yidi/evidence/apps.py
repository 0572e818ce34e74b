from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "yidi.evidence"
    label = "evidence"
