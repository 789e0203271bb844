"""What of a page's body search reads."""

import re

from provenote.pages.backlinks import without_backlinks

_MARKED = re.compile(r"<math\b.*?</math>|<pre\b.*?</pre>", re.DOTALL)
_MARK = re.compile(r"<(?!/?(?:math|pre|code)\b)[^>]*>")


def for_search(body: str) -> str:
    """A page's body with the same words, without what only marks them up in formulas and code.

    Most tags of a page are there, and search would take each of them apart.
    """
    return _MARKED.sub(lambda found: _MARK.sub("", found[0]), without_backlinks(body))


_ID = re.compile(r"""(<h[1-6]\b[^>]*?)\sid=(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)


def undivided(body: str) -> str:
    """A page's body without the ids of its headings, by which search divides it."""
    return _ID.sub(r"\1", body)
