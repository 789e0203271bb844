"""Feed: the newest notes in Atom, for those who subscribe."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from provenote.model import Asset, Note, Url, VaultPath
from provenote.settings import Settings
from provenote.views.dates import PUBLISHED, UPDATED, dated

ADDRESS = Url("feed.xml")
_NEWEST = 30
"""How many notes the feed has: readers fetch all of it, again and again."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(notes: Sequence[Note], urls: Mapping[VaultPath, Url], settings: Settings) -> list[Asset]:
    """The notes that have a date, if the site's address is known: a feed needs it."""
    known = [(updated, note) for note in notes if (updated := _updated(note))]
    newest = sorted(known, key=lambda entry: (entry[0], entry[1].path), reverse=True)[:_NEWEST]
    site = settings.site_url
    if not newest or not site:
        return []
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n',
        _element("title", settings.name),
        _element("id", site),
        f"<link href={quoteattr(site)}/>\n",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(site + ADDRESS)}/>\n',
        _element("updated", newest[0][0].isoformat()),
        f"<author>\n{_element('name', settings.name)}</author>\n",
        *(_entry(note, site + urls[note.path], updated) for updated, note in newest),
        "</feed>\n",
    ]
    return [Asset(ADDRESS, "".join(parts).encode())]


def _updated(note: Note) -> datetime | None:
    return dated(note.properties, UPDATED) or dated(note.properties, PUBLISHED)


def _entry(note: Note, url: str, updated: datetime) -> str:
    published = dated(note.properties, PUBLISHED)
    description = note.properties.get("description")
    parts = [
        _element("title", note.title),
        _element("id", url),
        f"<link href={quoteattr(url)}/>\n",
        _element("published", published.isoformat()) if published else "",
        _element("updated", updated.isoformat()),
        _element("summary", description) if isinstance(description, str) else "",
        *(f"<category term={quoteattr(name)}/>\n" for name in sorted({t.name for t in note.tags})),
    ]
    return f"<entry>\n{''.join(parts)}</entry>\n"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_NOT_XML.sub('', text))}</{name}>\n"
