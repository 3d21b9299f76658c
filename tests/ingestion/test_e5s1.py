"""ingestion.e5s1: the blob's layout, read and written out as sentence-transformers loads it."""

import json
import struct

import numpy as np
import pytest

from ingestion.e5s1 import read_blob, unpack_q4, write_folder

HIDDEN, FFN, PIECES = 32, 64, ["<s>", "<pad>", "</s>", "<unk>", "▁pump", "▁valve"]


def q4(count):
    """`count` weights of 1.5: scale 0.5, every nibble 8 + 3."""
    return (struct.pack("<e", 0.5) + b"\xbb" * 16) * (count // 32)


def blob():
    shapes = {"emb.word": len(PIECES) * HIDDEN, "l0.q.w": HIDDEN**2, "l0.k.w": HIDDEN**2, "l0.v.w": HIDDEN**2}
    shapes |= {"l0.ao.w": HIDDEN**2, "l0.fi.w": FFN * HIDDEN, "l0.fo.w": HIDDEN * FFN}
    flat = {"emb.pos": 16 * HIDDEN, "emb.type": 2 * HIDDEN, "emb.ln.w": HIDDEN, "emb.ln.b": HIDDEN, "l0.fi.b": FFN}
    flat |= {f"l0.{name}.b": HIDDEN for name in ("q", "k", "v", "ao", "fo", "aln", "oln")}
    flat |= {"l0.aln.w": HIDDEN, "l0.oln.w": HIDDEN}
    tensors = [(name, 1, count, q4(count)) for name, count in shapes.items()]
    tensors += [(name, 0, count, np.full(count, 0.25, "<f4").tobytes()) for name, count in flat.items()]
    return _written(tensors)


def _written(tensors):
    text = "".join(PIECES).encode()
    ends = np.cumsum([0] + [len(piece.encode()) for piece in PIECES])
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, 1, 2, FFN, len(PIECES), 16, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(text))
    head += ends.astype("<u4").tobytes() + np.arange(len(PIECES), dtype="<f4").tobytes() + text
    head += struct.pack("<iI", 0, 4) + b"skip" + struct.pack("<i", len(tensors))
    start = len(head) + sum(2 + len(name) + 1 + 4 + 8 + 8 for name, *_ in tensors)
    rows, data = b"", b""
    for name, kind, count, part in tensors:
        rows += struct.pack("<H", len(name)) + name.encode()
        rows += struct.pack("<BIQQ", kind, count, start + len(data), len(part))
        data += part
    return head + rows + data


def test_low_halves_come_before_high_halves():
    packed = bytes(low | (15 - low) << 4 for low in range(16))
    assert unpack_q4(struct.pack("<e", 1) + packed).tolist() == [*range(-8, 8), *range(7, -9, -1)]


def test_the_header_gives_the_sizes():
    assert read_blob(blob()).sizes.ffn == FFN


def test_pieces_keep_their_scores():
    assert read_blob(blob()).pieces.rows[4] == ("▁pump", 4.0)


def test_four_bit_tensors_become_their_weights():
    assert set(read_blob(blob()).tensors["l0.q.w"].tolist()) == {1.5}


def test_anything_else_is_refused():
    with pytest.raises(ValueError, match="E5S1"):
        read_blob(b"GGUF" + bytes(100))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("model")
    write_folder(read_blob(blob()), made, prompts={"query": "query: ", "document": "passage: "})
    return made


def test_weights_have_the_shapes_of_a_bert(folder):
    from safetensors.numpy import load_file

    weights = load_file(str(folder / "model.safetensors"))
    assert weights["encoder.layer.0.output.dense.weight"].shape == (HIDDEN, FFN)


def test_the_tokenizer_wraps_a_text_in_its_marks(folder):
    from tokenizers import Tokenizer

    assert Tokenizer.from_file(str(folder / "tokenizer.json")).encode("pump  valve").ids == [0, 4, 5, 2]


def test_prompts_are_written_beside_the_model(folder):
    written = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
    assert written["prompts"]["query"] == "query: "


def test_sentence_transformers_loads_the_folder(folder):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    assert np.linalg.norm(model.encode("pump valve")) == pytest.approx(1, abs=1e-5)
