"""Holds the limits of a notebook against what AWS publishes for machines, in the packages that are installed here."""
