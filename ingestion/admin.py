"""Django admin of the vault."""
