"""The business of Frontdesk: a pure core, with channels to the world at its edge."""
