"""Sign-in through the deployment's identity provider: OpenID Connect by django-allauth, held to the letter.

allauth keeps state and PKCE and talks to the provider. What it leaves open is closed here: a nonce ties the identity
token to this browser, its signature is always checked, the issuer must be the one that was set, and nothing that the
provider says of a person is stored.
"""

import hashlib
import json
import secrets
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that only the provider can make; never one whose key we share, never none."""
LEEWAY_S = 60
"""By how much the provider's clock may differ from ours."""
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class Adapter(OpenIDConnectOAuth2Adapter):
    """The conversation with the provider."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raises OAuth2Error where it is another one or leaves something out."""
        config: dict[str, Any] = super().openid_config
        if any(not isinstance(config.get(name), str) for name in NEEDED):
            raise OAuth2Error("discovery is incomplete")
        if config["issuer"].rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            raise OAuth2Error("discovery names another issuer")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """The sign-in with its claims: those of the identity token, and of the userinfo page about the same subject."""
        claims = self._verified(app.client_id, kwargs["response"].get("id_token") or "")
        if "userinfo_endpoint" in self.openid_config:
            info = self._fetch_user_info(token.token)
            if info.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo speaks of another subject")
            claims = {**info, **claims}
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.claims = claims
        return login

    def _verified(self, client_id: str, id_token: str) -> dict[str, Any]:
        """The claims of an identity token. Raises OAuth2Error unless it is signed, current, and meant for us."""
        config = self.openid_config
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                self._key(config["jwks_uri"], jwt.get_unverified_header(id_token).get("kid")),
                algorithms=ALGORITHMS,
                issuer=config["issuer"],
                audience=client_id,
                leeway=LEEWAY_S,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise OAuth2Error(f"the identity token does not hold: {type(error).__name__}") from error
        if claims.get("azp", client_id) != client_id:
            raise OAuth2Error("the identity token is meant for somebody else")
        return claims

    def _key(self, address: str, kid: str | None) -> Any:
        """The provider's key of that name; a provider with one key need not name it."""
        from allauth.socialaccount.adapter import get_adapter

        with get_adapter().get_requests_session() as web:
            answer = web.get(address)
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_json(json.dumps(answer.json())).keys
        fitting = [key for key in keys if kid in (None, key.key_id)]
        if len(fitting) != 1:
            raise OAuth2Error("no key of the provider fits the identity token")
        return fitting[0].key


class Provider(OpenIDConnectProvider):
    """The identity provider, as `SOCIALACCOUNT_PROVIDERS` names it."""

    oauth2_adapter_class = Adapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> Any:
        """Send the browser to the provider with a nonce, which the state keeps."""
        nonce = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        kwargs["scope"] = self.get_scope()
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    def get_default_scope(self) -> list[str]:
        return list(settings.OIDC_SCOPES)

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Issuer and subject as one hash: a subject means something at its own issuer only."""
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


def claimed(login: Any) -> tuple[str, str, str]:
    """Who a sign-in says it is: the hash of issuer and subject, the name, the identity number (empty where unsaid).

    Raises OAuth2Error where the token's nonce is not the one this browser was sent with.
    """
    claims = login.claims
    if not secrets.compare_digest(str(claims["nonce"]), str(login.state.get("nonce", ""))):
        raise OAuth2Error("the identity token answers another question")
    name, identity = (
        str(claims.get(claim) or "") for claim in (settings.OIDC_NAME_CLAIM, settings.OIDC_IDENTITY_CLAIM)
    )
    return login.account.uid, name, identity
