"""HTML that stands in a note, as its page may hold it."""

import re

from provenote.syntax.anchors import ID
from provenote.syntax.html_addresses import without_comments


def shown(html: str, taken: set[str], *, copy: bool) -> str:
    """Without comments, which are the author's own, and without ids that the page has.

    A copy of what stands elsewhere gives no ids; the others are added to those taken.
    """

    def own_id(match: re.Match[str]) -> str:
        name = match[2].strip("\"'")
        if copy or name in taken:
            return match[1]
        taken.add(name)
        return match[0]

    return ID.sub(own_id, without_comments(html))
