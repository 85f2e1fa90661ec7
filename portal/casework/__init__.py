"""The casework: what happens to a report and to a case, and whether it may."""
