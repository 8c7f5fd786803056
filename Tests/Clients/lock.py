"""Holds a SQLite file's write lock until it is ended. Usage: lock.py FILE"""

import sqlite3, sys

database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
