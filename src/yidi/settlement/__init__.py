"""Direct settlement: visit, lines, presettle, settle, cancel (直接结算)."""
