"""The larger groups of commands, a file each, and what every command stands on (`common`)."""
