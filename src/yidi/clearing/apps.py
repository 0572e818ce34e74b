from django.apps import AppConfig


class ClearingConfig(AppConfig):
    name = "yidi.clearing"
    label = "clearing"
