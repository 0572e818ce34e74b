"""Reimbursement after paying in full (垫付后报销)."""
