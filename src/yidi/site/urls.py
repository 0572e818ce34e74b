"""Which address belongs to which face."""

from django.urls import include, path

from yidi.portal import openid

urlpatterns = [
    path("", include("yidi.gateway.urls")),
    path("gateway/docs/", include("yidi.gateway.reference.urls")),
    path("desk/", include("yidi.desk.urls")),
    # The names are those that django-allauth looks up.
    path("sign-in/with/<slug:provider_id>/", openid.begin, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back/", openid.come_back, name="openid_connect_callback"),
    path("", include("yidi.portal.urls")),
]
