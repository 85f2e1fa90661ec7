"""Backups: database and files in one encrypted archive.

`stream` encrypts, `archive` is what lies inside, `rows` turns tables into lines
and back on either database, `make` writes an archive while the portal serves,
`check` reads one from end to end, `restore` fills an empty installation,
`schedule` keeps the daily ones and thins the old.
"""
