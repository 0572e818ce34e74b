"""The fault bench: lets the makers of clients test their own recovery. Never where real people are settled."""
