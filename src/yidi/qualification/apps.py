from django.apps import AppConfig


class QualificationConfig(AppConfig):
    name = "yidi.qualification"
    label = "qualification"
