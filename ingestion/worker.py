"""The embedded worker: Celery threads and the sweeper inside the web process, for the memory:// broker."""
