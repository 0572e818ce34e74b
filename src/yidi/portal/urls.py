"""Addresses of the portal."""

from django.urls import path

from yidi.portal.views import (
    consents,
    filings,
    me,
    messages,
    my_plan,
    papers,
    plan,
    qualifications,
    settlements,
    sign_in,
)

app_name = "portal"
urlpatterns = [
    path("", plan.plan_page, name="plan"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/who/", sign_in.say_who, name="say_who"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("register/", sign_in.register, name="register"),
    path("account/", sign_in.account, name="account"),
    path("consents/", consents.overview, name="consents"),
    path("consents/give/", consents.give, name="give_consent"),
    path("consents/enter/", consents.enter, name="enter_code"),
    path("consents/act/", consents.act, name="act"),
    path("consents/stop/", consents.stop, name="stop_acting"),
    path("consents/<int:key>/code/", consents.code, name="consent_code"),
    path("consents/<int:key>/revoke/", consents.revoke, name="revoke_consent"),
    path("me/", me.me, name="me"),
    path("me/plan/", my_plan.plan_page, name="my_plan"),
    path("me/papers/<int:key>/", papers.paper, name="paper"),
    path("me/messages/", messages.inbox, name="messages"),
    path("me/messages/<int:key>/", messages.message, name="message"),
    path("me/messages/contacts/", messages.contacts, name="contacts"),
    path("me/qualifications/", qualifications.qualifications, name="qualifications"),
    path("me/qualifications/<str:number>/", qualifications.qualification, name="qualification"),
    path("me/qualifications/<str:number>/papers/", qualifications.papers, name="qualification_papers"),
    path("me/qualifications/<str:number>/form.pdf", qualifications.form_pdf, name="qualification_form"),
    path("me/qualifications/<str:number>/letter.pdf", qualifications.letter_pdf, name="qualification_letter"),
    path("me/filings/", filings.filings, name="filings"),
    path("me/filings/<str:number>/", filings.filing, name="filing"),
    path("me/filings/<str:number>/papers/", filings.papers, name="filing_papers"),
    path("me/filings/<str:number>/form.pdf", filings.form_pdf, name="filing_form"),
    path("me/filings/<str:number>/letter.pdf", filings.letter_pdf, name="filing_letter"),
    path("me/settlements/", settlements.settlements, name="settlements"),
    path("me/settlements/<str:number>/", settlements.settlement, name="settlement"),
    path("me/settlements/<str:number>/slip.pdf", settlements.slip_pdf, name="settlement_slip"),
]
