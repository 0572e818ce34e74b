"""Opens the files of strangers, in a process of its own that `remaking` starts: nothing here knows a setting or a secret."""
