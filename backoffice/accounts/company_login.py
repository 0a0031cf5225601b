"""The company's own login (OpenID Connect): code flow with PKCE, state, nonce and signature.

allauth speaks OAuth; what it leaves out is checked here: the token's signature, always, the nonce,
the issuer, and that a repeated login really asked the person again. Nobody gets an account by it:
only who was invited, at the first login, and later whoever was linked then.
"""

import secrets
from typing import Any, cast

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backoffice.accounts.services import PROVIDER, link_company_login
from backoffice.commands import Channel, Context
from backoffice.errors import NotFound

ALGORITHMS = frozenset({"RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "EdDSA"})
LEEWAY = 60
"""Seconds by which the clocks of the two servers may differ."""

AGAIN_WITHIN = 120
"""Seconds since the person typed their password there, when they are asked to do it again."""

KEPT_CLAIMS = ("sub", "email", "email_verified", "name")


def offered() -> str:
    """The name of the company's login as its button shows it; empty when there is none."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""


class CompanyLoginAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are made by administrators; the company's login only opens them."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in who is linked, and link who was invited to the e-mail that is proved now.

        Raises:
            ImmediateHttpResponse: Nobody with this e-mail was invited; says so and nothing more.
        """
        if sociallogin.is_existing:
            return
        email = next((each.email for each in sociallogin.email_addresses if each.verified), "")
        ctx = Context(
            company_id=None, at=timezone.now(), channel=Channel.SYSTEM, reason="company login"
        )
        try:
            link_company_login(ctx, subject=sociallogin.account.uid, email=email.lower())
        except NotFound:
            raise ImmediateHttpResponse(
                render(request, "accounts/company_refused.html", status=403)
            ) from None
        sociallogin.account = SocialAccount.objects.get(
            provider=PROVIDER, uid=sociallogin.account.uid
        )
        sociallogin.user = sociallogin.account.user


class CompanyProvider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """What the company's provider answers, checked as OpenID Connect Core 3.1.3.7 asks."""

    state: dict[str, Any]

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, PROVIDER)
        self.state = {}

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:  # noqa: ANN401
        """The address that is registered at the provider."""
        return request.build_absolute_uri(reverse("account_company_callback"))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """The person behind an answer of the token endpoint.

        Raises:
            OAuth2Error: Anything about the identity token is not as it must be.
        """
        try:
            claims = self._claims(app, kwargs["response"]["id_token"])
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the identity token is not valid") from error
        if "email" not in claims:
            told = self._fetch_user_info(token.token)
            if told.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo is about somebody else")
            claims = {**told, **claims}
        kept = {name: claims[name] for name in KEPT_CLAIMS if name in claims}
        if settings.OIDC_TRUST_EMAIL:
            kept["email_verified"] = True
        return self.get_provider().sociallogin_from_response(request, {"id_token": kept})

    def _claims(self, app: Any, token: str) -> dict[str, Any]:  # noqa: ANN401
        config = self.openid_config
        expected = app.settings["server_url"].partition("/.well-known/")[0].rstrip("/")
        if config["issuer"].rstrip("/") != expected:
            raise OAuth2Error("the provider says that it is another")
        header = jwt.get_unverified_header(token)
        if header["alg"] not in ALGORITHMS:
            raise OAuth2Error(f"the algorithm {header['alg']} is not accepted")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=self._key(config["jwks_uri"], header),
            algorithms=[header["alg"]],
            audience=app.client_id,
            issuer=config["issuer"],
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the token was made for another program")
        if not secrets.compare_digest(str(claims["nonce"]), str(self.state["nonce"])):
            raise OAuth2Error("the token answers another request")
        if self.state["again"] and claims["auth_time"] < timezone.now().timestamp() - AGAIN_WITHIN:
            raise OAuth2Error("the person was not asked again")
        return claims

    @staticmethod
    def _key(address: str, header: dict[str, Any]) -> Any:  # noqa: ANN401  PyJWT's key
        with get_adapter().get_requests_session() as session:
            answer = session.get(address)
            answer.raise_for_status()
        keys = list(jwt.PyJWKSet.from_dict(answer.json()).keys)
        named = [key for key in keys if key.key_id == header.get("kid")]
        (key,) = named or keys
        return key.key


class Callback(OAuth2CallbackView):  # type: ignore[misc]  # allauth has no types
    """The way back: hands the state, which works once, to the checks above."""

    adapter: CompanyProvider

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:  # noqa: ANN401
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


@never_cache
@login_not_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """To the company's login; with ``again`` it must ask for the password once more."""
    if not offered():
        raise Http404
    adapter = CompanyProvider(request)
    provider = adapter.get_provider()
    provider.get_oauth2_adapter = lambda _request: adapter  # with our address of the way back
    again = "again" in request.POST
    nonce = secrets.token_urlsafe(24)
    asked = {"nonce": nonce, **({"prompt": "login", "max_age": "0"} if again else {})}
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return cast(
        "HttpResponse",
        provider.redirect(
            request,
            "login",
            next_url=wanted if safe else None,
            auth_params=asked,
            nonce=nonce,
            again=again,
        ),
    )


@never_cache
@login_not_required
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the company's login."""
    if not offered():
        raise Http404
    view = Callback.adapter_view(CompanyProvider(request))
    return cast("HttpResponse", view(request))
