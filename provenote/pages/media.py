"""Attachments and addresses within a page: images, sound, films, documents."""

import re
from html import escape
from urllib.parse import parse_qs, urlsplit

from provenote.syntax.embeds import is_image, sized

_AUDIO = {"3gp", "flac", "m4a", "mp3", "oga", "ogg", "opus", "wav"}
_VIDEO = {"m4v", "mkv", "mov", "mp4", "ogv", "webm"}


def embedded(href: str, name: str, text: str, title: str = "") -> str:
    """An attachment shown where it is embedded; a link where no browser shows it."""
    if is_image(name):
        alt, size = alt_and_size(text)
        return image(href, alt or _stem(name), size, title)
    label, size = alt_and_size(text)
    label = label or name
    if name.lower().endswith(".pdf"):
        return _pdf(href, label, size)
    player = _player(href, name, label, size)
    return player or f'<a href="{escape(href)}" download>{escape(label)}</a>'


def remote(address: str, text: str, title: str = "") -> str:
    """What image syntax shows of an address elsewhere.

    Nothing is asked of the makers of films and posts before the reader clicks.
    """
    alt, size = alt_and_size(text)
    try:
        parts = urlsplit(address)
    except ValueError:  # an open bracket in the host's place
        return image(address, alt, size, title)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if video := _youtube(host, parts.path, parse_qs(parts.query)):
        return _film(address, video, alt or "Video on YouTube")
    if host in {"twitter.com", "x.com"}:
        return f'<a class="pn-post" href="{escape(address)}">{escape(alt or address)}</a>'
    return _player(address, parts.path, alt or address, size) or image(address, alt, size, title)


def image(source: str, alt: str, size: str, title: str = "") -> str:
    said = f' title="{escape(title)}"' if title else ""
    return f'<img src="{escape(source)}" alt="{escape(alt)}"{size}{said} loading="lazy">'


def alt_and_size(text: str) -> tuple[str, str]:
    """`a kink|300x200` -> the alt text and the attributes of the size.

    The ratio stands for the height, which Material's style sheet passes over, and holds
    where there is less room than the width asks for.
    """
    alt, width, height = sized(text)
    if not width:
        return text, ""
    both = f' height="{height}" style="aspect-ratio:{width}/{height}"' if height else ""
    return alt, f' width="{width}"{both}'


def _player(href: str, name: str, label: str, size: str) -> str:
    """A film or sound with the browser's controls; '' for any other kind of file."""
    kind = name.rpartition(".")[2].lower()
    if kind in _AUDIO:
        tag, size = "audio", ""
    elif kind in _VIDEO:
        tag = "video"
    else:
        return ""
    preload = ' preload="none"' if "://" in href else ""
    return (
        f'<{tag} src="{escape(href)}" controls{preload}{size} aria-label="{escape(label)}"></{tag}>'
    )


def _pdf(href: str, label: str, size: str) -> str:
    """A document; `#page=3` opens it there, and `#height=400` is Obsidian's own."""
    address, _, fragment = href.partition("#")
    wishes = [wish for wish in fragment.split("&") if wish]
    heights = [wish.removeprefix("height=") for wish in wishes if wish.startswith("height=")]
    kept = "&".join(wish for wish in wishes if not wish.startswith("height="))
    if heights and heights[0].isdigit() and "height" not in size:
        size += f' height="{heights[0]}"'
    source = f"{address}#{kept}" if kept else address
    return (
        f'<iframe class="pn-pdf" src="{escape(source)}" title="{escape(label)}"{size} '
        'loading="lazy"></iframe>'
    )


def _youtube(host: str, path: str, query: dict[str, list[str]]) -> str:
    """The address of the player for a film on YouTube; '' for anything else."""
    first, _, rest = path.strip("/").partition("/")
    if host == "youtu.be":
        video = first
    elif host in {"youtube.com", "youtube-nocookie.com"}:
        video = rest if first in {"embed", "shorts", "live"} else query.get("v", [""])[0]
    else:
        return ""
    if not re.fullmatch(r"[\w-]{6,20}", video):
        return ""
    start = (query.get("t") or query.get("start") or [""])[0].removesuffix("s")
    at = f"?start={start}" if start.isdigit() else ""
    return f"https://www.youtube-nocookie.com/embed/{video}{at}"


def _film(address: str, player: str, label: str) -> str:
    """A frame that holds a link to its own player, which a click puts in its place.

    Browsers take `srcdoc` before `src`, which is there for whoever looks for films in a page.
    """
    style = "position:fixed;inset:0;display:grid;place-items:center;font:1rem sans-serif;color:#fff"
    click = f"{player}{'&' if '?' in player else '?'}autoplay=1"
    inner = (
        f'<body style="background:#222"><a href="{escape(click)}" style="{style}">'
        f"▶ {escape(label)}</a></body>"
    )
    return (
        f'<span class="pn-film"><iframe src="{escape(player)}" srcdoc="{escape(inner)}" '
        f'title="{escape(label)}" width="560" height="315" allow="autoplay; fullscreen" '
        'loading="lazy"></iframe>'
        f'<a href="{escape(address)}">{escape(label)}</a></span>'
    )


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]
