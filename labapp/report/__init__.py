"""Grades as documents: a table for the terminal, a page that stands alone."""
