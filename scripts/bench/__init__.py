"""Measures what is built here against other ways to do the same, all within one run, so that ratios can be read."""
