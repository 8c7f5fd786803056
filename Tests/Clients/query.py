"""Prints the first column of a query as a JSON array. Usage: query.py FILE SQL"""

import json, sqlite3, sys

database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(json.dumps([row[0] for row in database.execute(sys.argv[2])]), flush=True)
