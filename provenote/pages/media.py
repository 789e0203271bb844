"""Attachments within a page: images, sound, films, documents."""

import re
from html import escape

from provenote.syntax.wikilinks import is_image

_SIZE = re.compile(r"(\d+)(?:x(\d+))?")
_AUDIO = {"3gp", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav"}
_VIDEO = {"m4v", "mkv", "mov", "mp4", "ogv", "webm"}


def embedded(href: str, name: str, text: str) -> str:
    """An attachment shown where it is embedded; a link where no browser shows it."""
    alt, size = alt_and_size(text)
    kind = name.rpartition(".")[2].lower()
    href = escape(href)
    label = escape(alt or name)
    if is_image(name):
        return f'<img src="{href}" alt="{escape(alt or _stem(name))}"{size} loading="lazy">'
    if kind in _AUDIO:
        return f'<audio src="{href}" controls aria-label="{label}"></audio>'
    if kind in _VIDEO:
        return f'<video src="{href}" controls{size} aria-label="{label}"></video>'
    if kind == "pdf":
        return f'<iframe class="pn-pdf" src="{href}" title="{label}"{size} loading="lazy"></iframe>'
    return f'<a href="{href}" download>{label}</a>'


def alt_and_size(text: str) -> tuple[str, str]:
    """`a kink|300x200` -> the alt text and the attributes of the size."""
    alt, _, last = text.rpartition("|")
    size = _SIZE.fullmatch(last.strip())
    if not size:
        return text, ""
    height = f' height="{size[2]}"' if size[2] else ""
    return alt, f' width="{size[1]}"{height}'


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]
