"""Attacks, one subject a file: what an outsider, a colleague or a thief would try."""
