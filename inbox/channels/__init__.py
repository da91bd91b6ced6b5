"""The edges: each module talks one protocol to the world and knows only the core."""
