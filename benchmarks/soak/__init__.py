"""A day of a team in minutes: many screens, changes, bad lines and kills at once, and afterwards the books."""
