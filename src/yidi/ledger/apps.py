from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "yidi.ledger"
    label = "ledger"
