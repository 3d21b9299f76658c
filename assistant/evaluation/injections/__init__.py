"""Instructions planted in documents, and what becomes of them on the way to a reader."""
