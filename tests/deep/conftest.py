"""Tests that take minutes because they do a thing many times over."""

import os

# An import is killed on SQLite files of its own: trying that once, in the run on SQLite, is enough.
collect_ignore = ["test_kill.py", "test_confirmations.py"] if "DATABASE_URL" in os.environ else []
