from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "yidi.notices"
    label = "notices"
