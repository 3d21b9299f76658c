"""Whatever a model writes, what reaches a person as a citation opens the very text that proves the sentence.

Real rows: a small library taken in, answers read, judged and recorded as the product does, citations opened as a reader
does. TENKYO_ANSWERS sets how many answers there are: 2,000 take under a minute, 100,000 half an hour.
"""

import asyncio
import os
from itertools import islice

import pytest

from assistant import turn
from assistant.evidence import evidence_blocks
from assistant.models import Citation, Conversation, Message, MessageState
from assistant.record_keeping import Begun, end, keep_citation, keep_sentence
from assistant.retrieval import retrieve
from assistant.selectors import citation_of, transcript
from assistant.turn import CitationReady
from ingestion import embedding
from ingestion.filters import EVERYTHING
from ingestion.selectors import page_of, page_words
from tests.factories import make_library, make_user, text_file, upload
from tests.properties.malformed import answers

ANSWERS = int(os.environ.get("TENKYO_ANSWERS", "2000"))
SHARDS = 8
TOGETHER = 250
QUESTION = "軸受 ポンプ P-101 seal oil valve の点検と交換"
MANUAL = (
    """ポンプ P-101 保守要領
軸受の交換周期は8,000時間です。
グランドパッキンの漏れは1分間に20滴が適正です。
設計圧力は1.0 MPaです[1]。
弁は【2】の順に開けないでください。
ﾎﾟﾝﾌﾟの軸受は か\u3099いす で洗浄します。
""",
    """Spare parts
The mechanical seal MS-20 must be replaced every 16,000 hours [3].
Never open the valve V-7 under pressure.
The oil level is 45 mm ± 2 mm [1, 2].

| Part | Oil |
| P-101 | 0.5 L |
| P-102 | 1.2 L |
""",
    """点検
𠮷野式の軸受は👩\u200d🔧が毎月点検し、記録します。
cafe\u0301 machines: the e\u0301lan pump needs oil grade VG 46.
`oil[2] = 46` is how the controller names the seal oil.
油量は［４］の目盛りまでとする\u3000ポンプを止めてから点検すること。
""",
)
SECRET = ("軸受の交換周期は8,000時間です。The mechanical seal MS-20 must be replaced every 16,000 hours.",)


@pytest.fixture
def evidence(owner, library, scope, fake_embedder, open_index, worked):  # noqa: PLR0917 - fixtures
    """Numbered sentences of a manual, found by a question. Another library, not readable, says the same."""
    worked(lambda: upload(owner, library, text_file(*MANUAL), filename="pump.txt"))
    other = make_user("other")
    worked(lambda: upload(other, make_library("Secret", owner=other), text_file(*SECRET), filename="secret.txt"))
    blocks = evidence_blocks(retrieve(QUESTION, scope=scope, limit=8), QUESTION, budget=4000)
    return [one for block in blocks for one, _ in block.lines if one]


class Told:
    """Answers read, judged and recorded as `services.ask` does it, so many in one conversation."""

    def __init__(self, user, scope, evidence):
        self.user, self.scope, self.evidence = user, scope, evidence

    def tell(self, streams):
        parsed = asyncio.run(_parsed(streams))
        conversation = Conversation.objects.create(user=self.user)
        asked = Message.objects.bulk_create(
            Message(conversation=conversation, role="user", text=QUESTION) for _ in parsed
        )
        answered = Message.objects.bulk_create(
            Message(conversation=conversation, role="assistant", question=question, state=MessageState.STREAMING)
            for question in asked
        )
        for parts, question, answer in zip(parsed, asked, answered, strict=True):
            self._record(Begun(conversation.id, question.id, answer.id, QUESTION, (), EVERYTHING), parts)
        return transcript(self.user, self.scope, conversation.id).messages[1::2]

    def _record(self, begun, parts):
        judged, done = turn._Judged(self.evidence, embedding.embedder(), QUESTION, proved_only=False), []
        for draft in parts:
            for event in judged.events(draft) if not isinstance(draft, str) else ():
                if isinstance(event, CitationReady):
                    keep_citation(begun, event, self.scope)
                else:
                    keep_sentence(begun, event)
                    done.append(event)
        last = turn._finished(done, turn._Asked(QUESTION, "ja", EVERYTHING), (), turn._Clock())
        end(begun, MessageState.COMPLETE, user=self.user, done=last)


async def _parsed(streams):
    return [[part async for part in turn._parsed(_stream(pieces))] for pieces in streams]


async def _stream(pieces):
    for piece in pieces:
        yield piece


class Opened:
    """Opens citations as a reader does, each different one once."""

    def __init__(self, user, scope, evidence):
        self.user, self.scope = user, scope
        self.texts = {one.text.encode() for one in evidence}
        self.known = set()

    def proves(self, view):
        """Whether the citation opens: document, revision, page, boxes, and the very bytes the model was shown."""
        key = (view.document, view.revision_id, view.page, view.quote, view.boxes)
        if key not in self.known and self._opens(view):
            self.known.add(key)
        return key in self.known and not view.withheld

    def _opens(self, view):
        view = citation_of(self.user, self.scope, view.id)
        page = page_of(self.scope, view.document, view.page, revision_id=view.revision_id)
        row = Citation.objects.get(id=view.id)
        same = view.quote.encode() == page.text[row.start : row.end].encode() and view.quote.encode() in self.texts
        return same and self._marked(page, view.boxes, row.start, row.end)

    @staticmethod
    def _marked(page, boxes, start, end):
        """Whether the boxes lie on the page, and the words whose middle they hold are the quotation's."""
        if not all(0 <= x0 < x1 <= page.width and 0 <= y0 < y1 <= page.height for x0, y0, x1, y1 in boxes):
            return False
        covered = {at for word in page_words(page) if _held(word, boxes) for at in range(word.start, word.end)}
        return {at for at in range(start, end) if not page.text[at].isspace()} <= covered


def _held(word, boxes):
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes)


def batches(seed, evidence):
    made = answers(ANSWERS // SHARDS, seed, [one.text for one in evidence])
    while some := list(islice(made, TOGETHER)):
        yield some


@pytest.mark.parametrize("seed", range(SHARDS))
def test_every_citation_of_malformed_answers_opens_the_very_text_that_proves_its_sentence(owner, scope, evidence, seed):
    told, opened = Told(owner, scope, evidence), Opened(owner, scope, evidence)
    shown = 0
    for streams in batches(seed, evidence):
        for message in told.tell(streams):
            wrong = [view for view in message.citations if not opened.proves(view)]
            numbers = {view.number for view in message.citations}
            loose = [one for one in message.sentences if not numbers.issuperset(one.citations)]
            assert (wrong, loose) == ([], [])
            shown += len(message.citations)
    assert shown > ANSWERS // SHARDS / 4  # else the answers are so malformed that nothing was tested
