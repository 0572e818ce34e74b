from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "yidi.pages"
    label = "pages"
