"""Addresses of the portal."""

from django.urls import path

from yidi.portal.views import papers, plan, sign_in

app_name = "portal"
urlpatterns = [
    path("", plan.plan_page, name="plan"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/who/", sign_in.say_who, name="say_who"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("register/", sign_in.register, name="register"),
    path("account/", sign_in.account, name="account"),
    path("me/papers/<int:key>/", papers.paper, name="paper"),
]
