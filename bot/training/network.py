"""The network: a BERT sequence classifier, the form that Detoxify can load, started from the converted encoder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification

from bot.training.convert import Encoder, read_encoder, shipped_file
from bot.training.names import CHECKPOINT, CLASSES, MAX_LENGTH, TOKENIZER, Places
from bot.training.vocabulary import build_tokenizer, choose, word_lists

Network = Any
"""A ``BertForSequenceClassification``; transformers' classes carry no types here."""


def prepare_base(places: Places, texts: Sequence[str]) -> None:
    """Convert the encoder and cut its vocabulary once; a later run finds both in ``places.base``."""
    if (places.base / "encoder.pt").exists():
        return
    places.base.mkdir(parents=True, exist_ok=True)
    encoder = read_encoder(shipped_file())
    kept = choose(encoder.pieces, [*word_lists(), *texts])
    build_tokenizer([encoder.pieces[place] for place in kept]).save(str(places.tokenizer))
    torch.save(_start(encoder, kept).state_dict(), places.base / "encoder.pt")


def prepare_onward(places: Places, model: Path) -> None:
    """Take a model that was trained before as the start: its weights and its vocabulary."""
    if (places.base / "encoder.pt").exists():
        return
    places.base.mkdir(parents=True, exist_ok=True)
    places.tokenizer.write_bytes((model / TOKENIZER).read_bytes())
    state = torch.load(model / CHECKPOINT, weights_only=True)["state_dict"]
    torch.save({name: value.float() for name, value in state.items()}, places.base / "encoder.pt")


def base_tokenizer(places: Places) -> Tokenizer:
    """Give the tokenizer with the vocabulary that was cut."""
    return Tokenizer.from_file(str(places.tokenizer))


def base_network(places: Places) -> Network:
    """Give the whole encoder with a fresh classifier on top."""
    state = torch.load(places.base / "encoder.pt", weights_only=True)
    return network_of(state)


def network_of(state: dict[str, Any]) -> Network:
    """Build the network that a state dictionary belongs to."""
    words = state["bert.embeddings.word_embeddings.weight"]
    depth = 1 + max(int(name.split(".")[3]) for name in state if name.startswith("bert.encoder.layer."))
    network = empty_network(len(words), depth)
    network.load_state_dict(state)
    return network


def empty_network(vocabulary: int, layers: int) -> Network:
    """Give a network of the encoder's widths with random weights, and as many positions as messages need."""
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=384, num_hidden_layers=layers, num_attention_heads=12,
        intermediate_size=1536, max_position_embeddings=MAX_LENGTH, type_vocab_size=2, layer_norm_eps=1e-12,
        pad_token_id=1, num_labels=len(CLASSES), problem_type="multi_label_classification",
        id2label=dict(enumerate(CLASSES)), label2id={name: i for i, name in enumerate(CLASSES)},
    )  # fmt: skip
    return BertForSequenceClassification(config)


def some_layers(network: Network, layers: Sequence[int]) -> Network:
    """Copy a network with only some of its layers: where a smaller student starts."""
    state = {name: value for name, value in network.state_dict().items() if ".encoder.layer." not in name}
    for new, old in enumerate(layers):
        prefix = f"bert.encoder.layer.{old}."
        for name, value in network.state_dict().items():
            if name.startswith(prefix):
                state[f"bert.encoder.layer.{new}.{name.removeprefix(prefix)}"] = value.clone()
    return network_of(state)


def take_words(student: Network, teacher: Network) -> None:
    """Give the student its teacher's embeddings, and leave the word table as it is from then on."""
    student.bert.embeddings.load_state_dict(teacher.bert.embeddings.state_dict())
    student.bert.embeddings.word_embeddings.weight.requires_grad_(requires_grad=False)


def _start(encoder: Encoder, kept: Sequence[int]) -> Network:
    torch.manual_seed(0)
    network = empty_network(len(kept), encoder.shape.layers)
    tensors = {f"bert.{name}": torch.from_numpy(value.copy()) for name, value in encoder.tensors.items()}
    words = "bert.embeddings.word_embeddings.weight"
    tensors[words] = tensors[words][list(kept)].clone()
    places = "bert.embeddings.position_embeddings.weight"
    tensors[places] = tensors[places][:MAX_LENGTH].clone()
    network.load_state_dict(tensors, strict=False)
    with torch.no_grad():
        network.bert.pooler.dense.weight.copy_(torch.eye(encoder.shape.hidden))
        network.bert.pooler.dense.bias.zero_()
    return network


def save_state(network: Network, path: Path) -> None:
    """Write the weights whole or not at all."""
    partial = path.with_suffix(".partial")
    torch.save(network.state_dict(), partial)
    partial.replace(path)
