"""The hospital interface: one declaration per transaction, answered by one service each."""
