"""A sentence-transformers folder with random weights, small enough to be made in a test; its dimension is chosen."""

import string
from pathlib import Path

from config.portfolio import Model

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def tiny_model(folder: Path, name: str, *, dimension: int) -> Model:
    """Write the folder `folder/name`, and return what a portfolio would say of it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel

    parts = folder / f"{name}-parts"
    tokenizer = _tokenizer()
    tokenizer.save_pretrained(parts)
    torch.manual_seed(dimension)
    shape = {"hidden_size": dimension, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(tokenizer), max_position_embeddings=128, **shape)).save_pretrained(parts)
    SentenceTransformer(modules=[Transformer(str(parts)), Pooling(dimension)], device="cpu").save(str(folder / name))
    said = {"origin": "test", "licence": "MIT", "path": name}
    return Model(name=name, role="embed", dimension=dimension, max_tokens=128, **said)


def _tokenizer():
    """A token for each character."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    letters = string.ascii_lowercase + string.digits + string.punctuation
    vocabulary = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters)]
    made = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(vocabulary)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), SPECIAL, strict=True))
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=128, **names)
