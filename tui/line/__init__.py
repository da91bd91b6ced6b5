"""The commands, one file each; nothing here imports textual."""
