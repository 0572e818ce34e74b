"""Addresses of the desk."""

from django.urls import URLPattern, URLResolver, path

from yidi.desk.views import case, claim, figures, lists, people, roles, sign_in, staff, trail, worklist

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", worklist.home, name="worklist"),
    path("hand-out/", worklist.hand_out, name="hand_out"),
    path("cases/<str:number>/", case.case, name="case"),
    path("cases/<str:number>/full/", case.full, name="full_case"),
    path("cases/<str:number>/do/<slug:deed>/", case.act, name="act"),
    path("cases/<str:number>/lines/", claim.lines, name="claim_lines"),
    path("cases/<str:number>/provider/", claim.provider, name="claim_provider"),
    path("papers/<int:key>/", case.paper, name="paper"),
    path("people/", people.people, name="people"),
    path("window/", people.window, name="window"),
    path("window/<int:key>/", people.act_again, name="act_again"),
    path("trail/", trail.trail, name="trail"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.enter_code, name="second_factor"),
    path("sign-in/enrol/", sign_in.enrol, name="enrol"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("new-password/", sign_in.new_password, name="new_password"),
    path("roles/", roles.roles, name="roles"),
    path("staff/", staff.staff, name="staff"),
    path("staff/new/", staff.new, name="new_staff"),
    path("staff/<int:key>/", staff.member, name="member"),
    path("staff/<int:key>/<slug:act>/", staff.change, name="change_member"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<slug:name>.xlsx", figures.export, name="export_figure"),
    path("lists/", lists.overview, name="lists"),
    path("lists/<slug:kind>/export/", lists.export, name="export_list"),
    path("lists/<slug:kind>/template.xlsx", lists.template, name="list_template"),
    path("lists/<slug:kind>/import/", lists.upload, name="import_list"),
    path("lists/<slug:kind>/check/", lists.check, name="check_list"),
    path("lists/<slug:kind>/confirm/", lists.confirm, name="confirm_list"),
]
