"""Chats: their neutral shape, how they are taken in, and whose names are in them."""
