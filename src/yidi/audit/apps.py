from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "yidi.audit"
    label = "audit"
