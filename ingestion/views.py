"""Pages of libraries and documents."""
