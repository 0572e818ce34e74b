"""Many visits at once, beside other ways of paying them: the same visits, the same rule, in one run."""
