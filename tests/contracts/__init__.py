"""What is promised of every table, tested for every table."""
