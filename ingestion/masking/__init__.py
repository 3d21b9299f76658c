"""Personal data: found in a text, masked in what is kept of it, revealed to whom an owner allows it."""

from ingestion.masking.pages import mask, masked_text, remask, revealed, tell_of_masked_pages
from ingestion.masking.policy import Policy, policy_of
from ingestion.masking.recognise import Exceptions, find
from ingestion.masking.spans import FILL, Span, key_of, masked

__all__ = [
    "FILL",
    "Exceptions",
    "Policy",
    "Span",
    "find",
    "key_of",
    "mask",
    "masked",
    "masked_text",
    "policy_of",
    "remask",
    "revealed",
    "tell_of_masked_pages",
]
