"""Approval to draw the chronic-disease benefit (待遇资格认定)."""
