"""Readers of chat transcripts, one small file a format behind one contract (`inbox.channels.chat.reading`)."""
