"""The person's own papers, opened."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from yidi.evidence.queries import papers_about
from yidi.operations.cases import find_own
from yidi.pages.serving import serve_paper
from yidi.portal.own import Me, own_page


@require_safe
@own_page
def paper(request: HttpRequest, me: Me, key: int) -> HttpResponse:
    """One paper of one's own cases; those of others are not found."""
    found = get_object_or_404(papers_about(me.person), pk=key)
    find_own(found.subject, me.actor)
    return serve_paper(found)
