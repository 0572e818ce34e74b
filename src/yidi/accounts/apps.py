from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "yidi.accounts"
    label = "accounts"
