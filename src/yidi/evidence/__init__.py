"""Papers that people hand in: checked by content, made anew, kept sealed."""
