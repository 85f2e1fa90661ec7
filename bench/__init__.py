"""The project's own measurements, each against a peer of the same kind."""
