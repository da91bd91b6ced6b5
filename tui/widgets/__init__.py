"""The pieces of the screen: panes of lines, the composer, the prompt."""
