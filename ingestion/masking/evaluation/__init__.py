"""How well personal data is found, measured on sentences that are made, not collected: nobody real is in them."""
