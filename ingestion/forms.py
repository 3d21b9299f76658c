"""Forms of the vault's pages."""
