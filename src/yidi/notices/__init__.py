"""Messages to people: templates, channels, an outbox, reminders."""
