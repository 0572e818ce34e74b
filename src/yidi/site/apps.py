"""How apps of others are installed."""

from allauth.account.apps import AccountConfig


class AllauthAccountConfig(AccountConfig):
    """django-allauth's accounts. It looks for its middleware in MIDDLEWARE; ours runs it among the visitors'."""

    def ready(self) -> None:
        pass
