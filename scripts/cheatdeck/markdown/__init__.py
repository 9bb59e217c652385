"""Markdown -> a page of plain HTML (markdown-it)."""
