"""Uploaded files and page images on disk: written once, named by id, removed with their revision."""
