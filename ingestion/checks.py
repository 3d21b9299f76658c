"""System checks: what would fail later is said at start."""
