"""Converts an `E5S1` blob (a BERT embedder with 4-bit weights and its tokenizer) to a sentence-transformers folder.

The blob is read as data: little endian, "E5S1", sizes, tokenizer pieces, then named tensors. A 4-bit tensor (Q4_0) is
a row of blocks of 32 weights: a float16 scale, then 16 bytes whose low halves are weights 0 to 15 and whose high halves
are weights 16 to 31, each minus 8.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("packed", "u1", 16)])
_FLOAT32 = 0


@dataclass(frozen=True, slots=True)
class Sizes:
    """The header's numbers, in the blob's order."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    vocab: int
    max_positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The Unigram vocabulary with its scores, and the ids of the special tokens."""

    rows: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Blob:
    """A read blob. Tensors carry the blob's own names; 4-bit ones are already float32, all are flat."""

    sizes: Sizes
    pieces: Pieces
    tensors: dict[str, Array]


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return found

    def array(self, kind: str, count: int) -> Array:
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found

    def raw(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def read_blob(data: bytes) -> Blob:
    """Read a whole blob. Raises ValueError where it is not one."""
    cursor = _Cursor(data)
    if cursor.raw(4) != _MAGIC:
        raise ValueError("not an E5S1 blob")
    cursor.values("I")  # version
    sizes = Sizes(*cursor.values("7if"))
    cursor.values("i")  # block length, always 32
    pieces = _read_pieces(cursor)
    _entries, skipped = cursor.values("iI")  # the normalisation map: NFKC does the same in the written tokenizer
    cursor.raw(skipped)
    return Blob(sizes, pieces, _read_tensors(cursor))


def _read_pieces(cursor: _Cursor) -> Pieces:
    count, bos, eos, pad, unknown = cursor.values("5i")
    (length,) = cursor.values("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    text = cursor.raw(length)
    words = [text[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count)]
    return Pieces(list(zip(words, scores.tolist(), strict=True)), bos, eos, pad, unknown)


def _read_tensors(cursor: _Cursor) -> dict[str, Array]:
    (count,) = cursor.values("i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.values("H")
        name = cursor.raw(length).decode()
        kind, numbers, offset, size = cursor.values("BIQQ")
        part = cursor.data[offset : offset + size]
        tensors[name] = np.frombuffer(part, "<f4", numbers) if kind == _FLOAT32 else unpack_q4(part)[:numbers]
    return tensors


def unpack_q4(data: bytes) -> Array:
    """Q4_0 blocks → float32 weights, flat."""
    blocks = np.frombuffer(data, _BLOCK)
    packed = blocks["packed"]
    weights = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
    return (weights * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def write_folder(blob: Blob, folder: Path, *, prompts: dict[str, str]) -> None:
    """Write the model as sentence-transformers loads it: float32 weights, fast tokenizer, mean pooling, unit length."""
    from safetensors.numpy import save_file

    for part in ("", "1_Pooling", "2_Normalize"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    save_file(_weights(blob), str(folder / "model.safetensors"), metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)
    _tokenizer(blob.pieces).save(str(folder / "tokenizer.json"))
    for name, content in _settings(blob, prompts).items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _weights(blob: Blob) -> dict[str, Array]:
    sizes, take = blob.sizes, blob.tensors.__getitem__
    found = {
        "embeddings.word_embeddings.weight": take("emb.word").reshape(-1, sizes.hidden),
        "embeddings.position_embeddings.weight": take("emb.pos").reshape(-1, sizes.hidden),
        "embeddings.token_type_embeddings.weight": take("emb.type").reshape(-1, sizes.hidden),
        "embeddings.LayerNorm.weight": take("emb.ln.w"),
        "embeddings.LayerNorm.bias": take("emb.ln.b"),
    }
    for number in range(sizes.layers):
        found.update(_layer(number, take))
    # The blob has no pooler and mean pooling uses none; without one transformers reports a broken checkpoint.
    found["pooler.dense.weight"] = np.zeros((sizes.hidden, sizes.hidden))
    found["pooler.dense.bias"] = np.zeros(sizes.hidden)
    return {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in found.items()}


_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORM = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def _layer(number: int, take: Callable[[str], Array]) -> dict[str, Array]:
    found = {}
    for short, long in (_LINEAR | _NORM).items():
        weight, bias = take(f"l{number}.{short}.w"), take(f"l{number}.{short}.b")
        found[f"encoder.layer.{number}.{long}.bias"] = bias
        found[f"encoder.layer.{number}.{long}.weight"] = weight if short in _NORM else weight.reshape(bias.size, -1)
    return found


def _tokenizer(pieces: Pieces) -> Any:
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(pieces.rows, pieces.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    first, last = (pieces.rows[number][0] for number in (pieces.bos, pieces.eos))
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        pair=f"{first} $A {last} {last} $B {last}",
        special_tokens=[(first, pieces.bos), (last, pieces.eos)],
    )
    special = [pieces.bos, pieces.pad, pieces.eos, pieces.unknown]
    tokenizer.add_special_tokens([AddedToken(pieces.rows[number][0], special=True) for number in special])
    return tokenizer


def _settings(blob: Blob, prompts: dict[str, str]) -> dict[str, Any]:
    sizes, rows = blob.sizes, blob.pieces.rows
    special = {
        "bos_token": rows[blob.pieces.bos][0],
        "eos_token": rows[blob.pieces.eos][0],
        "cls_token": rows[blob.pieces.bos][0],
        "sep_token": rows[blob.pieces.eos][0],
        "pad_token": rows[blob.pieces.pad][0],
        "unk_token": rows[blob.pieces.unknown][0],
    }
    return {
        "config.json": _bert(sizes, blob.pieces.pad),
        "tokenizer_config.json": special
        | {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": sizes.max_positions},
        "special_tokens_map.json": special,
        "sentence_bert_config.json": {"max_seq_length": sizes.max_positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": prompts,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True},
    }


def _bert(sizes: Sizes, pad: int) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.ffn,
        "vocab_size": sizes.vocab,
        "max_position_embeddings": sizes.max_positions,
        "type_vocab_size": sizes.types,
        "layer_norm_eps": sizes.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": pad,
        "dtype": "float32",
    }
