from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yidi.people"
    label = "people"
