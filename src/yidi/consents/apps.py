from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "yidi.consents"
    label = "consents"
