from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "yidi.claims"
    label = "claims"
