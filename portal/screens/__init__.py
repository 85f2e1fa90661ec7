"""The officers' screens: what Flask-Admin lacks, once."""
