from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "yidi.settlement"
    label = "settlement"
