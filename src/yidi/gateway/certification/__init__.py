"""Certification: watches a client's traffic against a checklist, for as long as a run is open."""
