"""Celery's doors: an id in, the lease, one pipeline call, a report."""
