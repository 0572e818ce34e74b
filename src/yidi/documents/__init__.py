"""Forms, decision letters and slips as PDF."""
