from django.apps import AppConfig


class FilingConfig(AppConfig):
    name = "yidi.filing"
    label = "filing"
