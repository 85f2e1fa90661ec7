"""Channels: each turns what arrived into an `Arrival`; none knows another."""
