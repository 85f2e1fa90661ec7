"""Keeping what the tables hold: sealing, files, the audit log and the web defences."""
