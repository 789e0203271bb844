"""What is made of all notes together, one kind a file."""

from provenote.views.backlinks import backlinks
from provenote.views.home import home
from provenote.views.tags import tag_pages, tag_urls

__all__ = ["backlinks", "home", "tag_pages", "tag_urls"]
