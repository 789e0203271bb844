"""Redirects: small pages that lead on from an alias or an old address."""

from collections.abc import Mapping
from html import escape

from provenote.model import Asset, Note, Url, VaultPath
from provenote.paths import asset_url, file_path, relative
from provenote.views.addresses import Addresses

_PAGE = """\
<!doctype html>
<html>
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="canonical" href="{canonical}">
<meta name="robots" content="noindex">
<script>location.replace({script} + location.search + location.hash)</script>
<noscript><meta http-equiv="refresh" content="0; url={href}"></noscript>
</head>
<body><p><a href="{href}">{title}</a></p></body>
</html>
"""
"""The script is there for the `#anchor`, which a refresh loses."""


def redirects(addresses: Addresses, notes: Mapping[VaultPath, Note], site_url: str) -> list[Asset]:
    """A page a redirect; as assets, so that neither search nor sitemap nor nav has them."""
    return [
        Asset(
            asset_url(VaultPath(file_path(url))),
            _page(url, addresses.urls[path], notes[path].title, site_url).encode(),
        )
        for url, path in addresses.redirects.items()
    ]


def _page(url: Url, to: Url, title: str, site_url: str) -> str:
    href = relative(to, url)
    return _PAGE.format(
        title=escape(title),
        href=escape(href),
        canonical=escape(site_url + to if site_url else href),
        script=f'"{href}"',
    )
