"""HTML that a snippet's values give, as a page may hold it: what it shows, without what acts.

Scripts, frames, forms and event handlers go, and so do style sheets, which would reach
the rest of the page, save those that keep to one table as pandas's do.
"""

import re
from collections.abc import Callable

import nh3

_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_OWN_ID = re.compile(r"\bT_\w+")
"""The id of a table that pandas has styled, which all of its rules begin with."""
_FETCHES = re.compile(r"url\s*\(|expression\s*\(|@import|[\\<]", re.IGNORECASE)
_MEDIA = re.compile(r"img data:image/|(?:audio|video|source) data:(?:audio|video)/")
_SHOWN = re.compile(r"<(?:audio|img|hr|table|video)\b|>\s*[^<\s]|^\s*[^<\s]")
_PROPERTIES = (
    "background background-color border border-bottom border-collapse border-color border-left "
    "border-radius border-right border-style border-top border-width color display font-family "
    "font-size font-style font-variant font-variant-numeric font-weight height letter-spacing "
    "line-height list-style-type margin margin-bottom margin-left margin-right margin-top "
    "max-height max-width min-height min-width opacity overflow overflow-x overflow-y padding "
    "padding-bottom padding-left padding-right padding-top text-align text-decoration "
    "text-transform vertical-align white-space width word-break"
)
_TAGS = nh3.ALLOWED_TAGS | {"audio", "source", "tfoot", "video"}
_ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "audio": {"controls", "loop", "muted", "src"},
    "video": {"controls", "height", "loop", "muted", "poster", "src", "width"},
    "source": {"src", "type"},
    "*": {"class", "dir", "id", "lang", "style", "title"},
    "details": {"open"},
}


def safe(html: str, prefix: str, keeps_id: Callable[[str], bool]) -> str:
    """What is left to be shown; empty if all of it was a script's to draw.

    `prefix` makes the ids of styled tables the page's own; `keeps_id` says which others may
    stand in it.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "id" and not _OWN_ID.match(value):
            return value if keeps_id(value) else None
        return _attribute(tag, name, value)

    sheets = [sheet for sheet in _STYLE.findall(html) if _keeps_to_itself(sheet)]
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        filter_style_properties=set(_PROPERTIES.split()),
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )
    if not _SHOWN.search(cleaned):
        return ""
    styles = "".join(f"<style>{sheet.strip()}</style>\n" for sheet in sheets)
    return _OWN_ID.sub(rf"{prefix}-\g<0>", styles + cleaned) if sheets else cleaned


def _keeps_to_itself(sheet: str) -> bool:
    rules = _RULE.findall(sheet)
    selectors = (one.strip() for selector, _ in rules for one in selector.split(","))
    return (
        bool(rules)
        and not _RULE.sub("", sheet).strip()
        and all(re.match(r"#T_\w", one) for one in selectors)
        and not _FETCHES.search(sheet)
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class" and tag == "table":  # tables with classes are none of the theme's
        return None
    if name == "style" and _FETCHES.search(value):
        return None
    if value.lstrip().lower().startswith("data:"):
        return value if _MEDIA.match(f"{tag} {value.strip().lower()}") else None
    return value
