"""A made-up shop with mail in every state, for `frontdesk demo`."""
