r"""Halves of characters: JSON and YAML can say `\ud800`, which no file can hold by itself."""

import json
from typing import Any


def joined(text: str) -> str:
    """Two halves that follow each other as their character, any other as U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def from_json(text: str) -> Any:
    """What JSON says, without halves; raises as `json.loads`."""
    data = json.loads(text)
    return json.loads(joined(json.dumps(data, ensure_ascii=False))) if "\\u" in text else data
