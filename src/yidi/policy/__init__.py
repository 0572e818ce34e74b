"""What the rules are: packs, layers, readings. A library without Django."""
