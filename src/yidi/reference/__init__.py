"""The shipped registers and code lists, read once when first asked for. No Django."""
