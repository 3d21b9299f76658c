"""An answer that rests on two libraries, "Pumps" and "Fans", which one reader may read and two people own."""

from dataclasses import dataclass

from assistant.models import Citation, Conversation, Message
from ingestion.models import Library, User
from tests.factories import make_library, make_page, make_user, upload

PUMPS_SAY = "The pump needs oil every 500 h."
FANS_SAY = "The fan belt is BX-42."
GUESS = "The secret belt is changed weekly."


@dataclass(frozen=True)
class Told:
    """The rows. Sentences by ordinal: 0 proved in Pumps, 1 in both, 2 by nothing."""

    answer: Message
    refusal: Message
    pumps: Library
    fans: Library
    fan_owner: User


def told(library, owner, reader):
    """Pumps is `library`. The refusal was asked of Pumps alone."""
    fan_owner = make_user("fan owner")
    fans = make_library("Fans", owner=fan_owner)
    fans.readers.set(library.readers.all())
    both = [str(library.pk), str(fans.pk)]
    asked = _asked(reader, "How often oil, and which belt?", searched=both, found_in=both, text=PUMPS_SAY)
    pumps = _cited(asked, 1, library, owner, PUMPS_SAY)
    belts = _cited(asked, 2, fans, fan_owner, FANS_SAY)
    asked.sentences.create(ordinal=0, text="Oil every 500 h.", verdict="supported").citations.add(pumps)
    asked.sentences.create(ordinal=1, text="Oil, and belt BX-42.", verdict="supported").citations.add(pumps, belts)
    asked.sentences.create(ordinal=2, text=GUESS, verdict="unsupported", reasons=[{"check": "citation"}])
    near = {"document": str(pumps.revision.document_id), "title": "pump", "page": 1, "heading": "", "score": 0.8}
    alone = [str(library.pk)]
    refusal = _asked(reader, "What colour is it?", searched=alone, found_in=alone, abstained=True, nearest=[near])
    return Told(asked, refusal, library, fans, fan_owner)


def _asked(reader, question, **fields):
    conversation = Conversation.objects.create(user=reader, title=question)
    asked = Message.objects.create(conversation=conversation, role="user", text=question)
    return Message.objects.create(conversation=conversation, role="assistant", question=asked, **fields)


def _cited(answer, number, library, owner, quote):
    revision = upload(owner, library, quote.encode(), filename=f"{library.name} manual.txt").document.revisions.get()
    make_page(revision, 1, text=quote)
    revision.document.current = revision
    revision.document.save()
    return Citation.objects.create(
        message=answer,
        number=number,
        revision=revision,
        document_title=revision.document.title,
        page=1,
        start=0,
        end=len(quote),
        quote=quote,
    )
