"""Grounding DINO and OWLv2 of a few weights, random ones, as folders: the classes are real, the answers mean nothing."""

from __future__ import annotations

from pathlib import Path

import torch
import transformers

_WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "red", "disc")


def tiny_grounding_dino(folder: Path) -> Path:
    """Reads 16 tokens."""
    transformers.utils.logging.disable_progress_bar()
    text = transformers.BertConfig(
        vocab_size=len(_WORDS),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    backbone = transformers.SwinConfig(
        image_size=64, embed_dim=16, depths=[1] * 4, num_heads=[2] * 4, out_indices=[2, 3, 4]
    )
    config = transformers.GroundingDinoConfig(
        backbone_config=backbone,
        text_config=text,
        d_model=32,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        num_queries=20,
        max_text_len=16,
    )
    torch.manual_seed(1)
    transformers.GroundingDinoForObjectDetection(config).save_pretrained(folder)
    tokenizer = transformers.BertTokenizer(vocab={word: number for number, word in enumerate(_WORDS)})
    pictures = transformers.GroundingDinoImageProcessor(size={"shortest_edge": 64, "longest_edge": 96})
    transformers.GroundingDinoProcessor(pictures, tokenizer).save_pretrained(folder)
    return folder


def tiny_owlv2(folder: Path) -> Path:
    """Reads 8 tokens, a letter each."""
    transformers.utils.logging.disable_progress_bar()
    # The first token of a text that is there has another number than 0.
    known = ["!", "<|startoftext|>", "<|endoftext|>", *"redisc", *(f"{letter}</w>" for letter in "redisc")]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys(known))}
    text = {
        "vocab_size": len(vocabulary),
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "max_position_embeddings": 8,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 0,
    }
    vision = {
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "image_size": 64,
        "patch_size": 16,
    }
    torch.manual_seed(1)
    network = transformers.Owlv2ForObjectDetection(
        transformers.Owlv2Config(text_config=text, vision_config=vision, projection_dim=16)
    )
    # As it starts, its answer is the same everywhere.
    for parameter in network.box_head.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    network.save_pretrained(folder)
    special = {"unk_token": "!", "pad_token": "!"}
    tokenizer = transformers.CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=8, **special)
    pictures = transformers.Owlv2ImageProcessor(size={"height": 64, "width": 64})
    transformers.Owlv2Processor(pictures, tokenizer).save_pretrained(folder)
    return folder
