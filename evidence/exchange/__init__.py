"""Tables in and out as sheets: cells, files, plans of an import, and its writing."""
