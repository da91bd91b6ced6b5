"""The one screen of Frontdesk, and what its keys do."""
