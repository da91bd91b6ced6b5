"""HTML as its reader sees it, as lines of text."""
