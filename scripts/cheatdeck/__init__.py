"""Turns study notes into an Anki deck and a print-ready cheat sheet."""
