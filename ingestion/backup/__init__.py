"""Backups: everything that cannot be made again, as one archive that says of itself whether it is whole.

`archive` is the file, `sqlite` and `postgres` read and write the database, `taking` and `restoring` do the work.
"""
