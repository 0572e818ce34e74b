from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "yidi.desk"
    label = "desk"
