"""Writes a tiny model of each R1 family for a server to load: true structure, random weights, a tokenizer trained here.

    tiny_models.py FOLDER       FOLDER/{qwen2,llama,qwen3,deepseek-v3}
"""

import json
import sys
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    DeepseekV3Config,
    DeepseekV3ForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

REPOSITORY = Path(__file__).resolve().parents[2]
TEMPLATE = REPOSITORY / "tests/fixtures/chat-templates/r1-distill-qwen.jinja"
SPECIAL = ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>", "<think>", "</think>"]


def tokenizer() -> PreTrainedTokenizerFast:
    """A byte-level BPE of the repository's own prose, with R1's special tokens and chat template."""
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=1500, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    trained.train([str(path) for path in sorted((REPOSITORY / "docs").glob("*.md"))], trainer)
    trained.add_special_tokens([AddedToken(text, special=index < 2) for index, text in enumerate(SPECIAL)])
    wrapped = PreTrainedTokenizerFast(tokenizer_object=trained, bos_token=SPECIAL[0], eos_token=SPECIAL[1])
    wrapped.chat_template = TEMPLATE.read_text()
    return wrapped


def families(vocabulary: int) -> dict:
    common = {
        "vocab_size": vocabulary,
        "hidden_size": 256,
        "intermediate_size": 512,
        "num_hidden_layers": 4,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 8192,
        "bos_token_id": vocabulary - len(SPECIAL),
        "eos_token_id": vocabulary - len(SPECIAL) + 1,
        "tie_word_embeddings": False,
    }
    latent = {
        "num_key_value_heads": 4,
        "moe_intermediate_size": 128,
        "n_routed_experts": 8,
        "num_experts_per_tok": 2,
        "n_shared_experts": 1,
        "n_group": 2,
        "topk_group": 1,
        "first_k_dense_replace": 1,
        # How R1 chooses its experts, which vLLM asks for by name.
        "topk_method": "noaux_tc",
        "scoring_func": "sigmoid",
        "q_lora_rank": 128,
        # As in R1: the kernels for a latent cache are written for these.
        "kv_lora_rank": 512,
        "qk_rope_head_dim": 64,
        "qk_nope_head_dim": 128,
        "v_head_dim": 128,
    }
    return {
        "qwen2": (Qwen2ForCausalLM, Qwen2Config(**common)),
        "llama": (LlamaForCausalLM, LlamaConfig(**common)),
        "qwen3": (Qwen3ForCausalLM, Qwen3Config(**common, head_dim=64)),
        "deepseek-v3": (DeepseekV3ForCausalLM, DeepseekV3Config(**{**common, **latent})),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    words = tokenizer()
    torch.manual_seed(1)
    for name, (kind, config) in families(len(words)).items():
        place = folder / name
        kind(config).to(torch.bfloat16).save_pretrained(place)
        words.save_pretrained(place)
        size = sum(path.stat().st_size for path in place.iterdir())
        print(json.dumps({"model": name, "bytes": size}))


if __name__ == "__main__":
    main()
