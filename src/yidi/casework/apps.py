from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "yidi.casework"
    label = "casework"
