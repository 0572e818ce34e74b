from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "yidi.operations"
    label = "operations"
