"""The old name of `inbox.channels.passwords`, until nothing imports it: it hides a module of the standard library."""

from inbox.channels.passwords import Secret, password

__all__ = ["Secret", "password"]
