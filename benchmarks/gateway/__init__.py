"""Hospitals' traffic over HTTP on PostgreSQL, beside pgbench on the same server."""
