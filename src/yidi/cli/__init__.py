"""The command `yidi`. Each command is a thin face: it translates, calls one service and prints."""
