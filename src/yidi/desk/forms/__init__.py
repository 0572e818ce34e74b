"""Forms of the desk, one module a matter."""
