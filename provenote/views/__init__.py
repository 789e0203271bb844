"""What is made of all notes together, one kind a file."""

from provenote.views.addresses import Addresses, addresses
from provenote.views.assets import assets, used
from provenote.views.backlinks import backlinks
from provenote.views.feed import feed
from provenote.views.folders import folder_pages
from provenote.views.graph import graph
from provenote.views.llms import llms
from provenote.views.redirects import redirects
from provenote.views.tags import tag_pages, tag_urls

__all__ = [
    "Addresses",
    "addresses",
    "assets",
    "backlinks",
    "feed",
    "folder_pages",
    "graph",
    "llms",
    "redirects",
    "tag_pages",
    "tag_urls",
    "used",
]
