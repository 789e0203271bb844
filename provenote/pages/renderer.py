"""The HTML of a note's tokens: what needs to know of other notes, files and results."""

from collections.abc import Sequence
from html import escape
from types import MethodType

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from provenote.model import Block, Found, Heading, Link, Missing, Note, Target, Url, VaultPath
from provenote.pages import cells, media
from provenote.pages.book import Book
from provenote.pages.code import highlighted
from provenote.paths import fold, relative, stem
from provenote.problems import Code, Problem
from provenote.syntax import parser


class NoteRenderer(RendererHTML):
    """Renders the notes that make one page: the note itself and what it embeds.

    A method named like a token's type gives that token's HTML; the types that no
    method here knows are left to the plugins in `syntax` and to markdown-it.
    """

    def __init__(self, book: Book, page: Url) -> None:
        super().__init__()
        self._book = book
        self._page = page
        self._within: list[tuple[VaultPath, str]] = []  # the embeds that we are in
        self._embeds = 0
        self._cells = 0
        self.problems: list[Problem] = []
        own = set(type(self).__dict__)
        for name, rule in parser().renderer.rules.items():
            if name not in own:
                self.rules[name] = MethodType(rule.__func__, self)  # type: ignore[attr-defined]

    def note(self, note: Note) -> str:
        self._within.append((note.path, ""))
        html = self._render(note.tokens, {})
        self._within.pop()
        return html

    def _render(self, tokens: Sequence[Token], env: EnvType) -> str:
        return self.render(tokens, parser().options, env)

    def renderAttrs(self, token: Token) -> str:  # noqa: N802 - markdown-it's name
        """Leave out ids within an embed: the page has each only once."""
        if len(self._within) > 1 and "id" in token.attrs:
            attrs = {k: v for k, v in token.attrs.items() if k != "id"}
            token = Token("", "", 0, attrs=attrs)
        return super().renderAttrs(token)

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        tag, anchor = tokens[idx].tag, tokens[idx - 2].meta["anchor"]
        if len(self._within) > 1 or tag == "h1":
            return f"</{tag}>\n"
        link = f'<a class="headerlink" href="#{escape(anchor)}" title="Link to this section">¶</a>'
        return f"{link}</{tag}>\n"

    # ---------------------------------------------------------------- links

    def wikilink(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self._anchor(tokens[idx].meta["link"], escape(tokens[idx].content))

    def _anchor(self, link: Link, html: str) -> str:
        target = self._book.targets[link]
        if isinstance(target, Missing):
            return _unresolved(target, html)
        return f'<a class="pn-link" href="{self._href(target)}">{html}</a>'

    def _href(self, found: Found) -> str:
        return escape(self._book.href(found, self._page))

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        link: Link | None = token.meta.get("link")
        if link is None:
            return self.renderToken(tokens, idx, options, env)
        target = self._book.targets[link]
        if isinstance(target, Missing):
            # An anchor without an address is no link, and its end tag fits.
            if _is_unpublished(target):
                return "<a>"
            return f'<a class="pn-unresolved" title="{escape(target.problem.text)}">'
        return f'<a class="pn-link" href="{self._href(target)}">'

    def tag(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        name = tokens[idx].content
        href = relative(self._book.tag_urls[fold(name)], self._page)
        return f'<a class="pn-tag" href="{escape(href)}">#{escape(name)}</a>'

    # --------------------------------------------------------------- embeds

    def embed(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        link: Link = tokens[idx].meta["link"]
        return self._embed(link, self._book.targets[link], block=tokens[idx].block)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        link: Link | None = tokens[idx].meta.get("link")
        if link:
            return self._embed(link, self._book.targets[link], block=False)
        alt, size = media.alt_and_size(tokens[idx].content)
        source = escape(str(tokens[idx].attrs["src"]))
        return f'<img src="{source}" alt="{escape(alt)}"{size} loading="lazy">'

    def _embed(self, link: Link, target: Target, *, block: bool) -> str:
        if isinstance(target, Missing):
            if _is_unpublished(target):
                tag = "p" if block else "span"
                return f'<{tag} class="pn-unpublished">Not published</{tag}>'
            return _unresolved(target, f"{escape(link.written)} is missing")
        if target.file.path in self._book.scripts and block:
            return self._script(target)
        note = self._book.notes.get(target.file.path)
        if note is None:
            return media.embedded(self._book.href(target, self._page), target.file.path, link.text)
        return self._transclude(link, target, note) if block else self._anchor(link, note.title)

    def _transclude(self, link: Link, target: Found, note: Note) -> str:
        at = (note.path, link.fragment)
        if at in self._within:
            self._loop(link)
            return f'<p class="pn-unresolved">{escape(link.written)} embeds itself</p>'
        self._within.append(at)
        self._embeds += 1
        body = self._render(_part(note, target), {"docId": f"e{self._embeds}"})
        self._within.pop()
        title = escape(link.text or note.title or stem(note.path))
        source = f'<a class="pn-embed-source" href="{self._href(target)}">{title}</a>'
        return f'<div class="pn-embed">{source}\n{body}</div>\n'

    def _loop(self, link: Link) -> None:
        chain = " → ".join(stem(path) for path, _ in self._within)
        text = f"{link.written} embeds the note that it stands in: {chain}"
        self.problems.append(Problem(Code.EMBED_LOOP, link.place, text))

    # ----------------------------------------------------------------- code

    def _script(self, target: Found) -> str:
        session, shown = self._book.scripts[target.file.path]
        if isinstance(target.fragment, str):
            chosen = [s for s in shown if s.cell.name.casefold() == target.fragment.casefold()]
            return "".join(cells.cell(s, self._spot()) for s in chosen)
        name = escape(target.file.path.rpartition("/")[2])
        link = f'<a class="pn-source" href="{self._href(target)}" download>{name}</a>'
        return cells.script(session, shown, link, self._spot())

    def _spot(self) -> cells.Spot:
        self._cells += 1
        return cells.Spot(f"cell-{self._cells}", anchors=len(self._within) == 1)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        fence = token.meta["fence"]
        if shown := self._book.cells.get(fence.place):
            return cells.cell(shown, self._spot(), fence.info)
        return highlighted(token.content, fence.info) + "\n"

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return highlighted(tokens[idx].content, "text") + "\n"

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        fence = tokens[idx].meta.get("fence")
        if fence and (shown := self._book.cells.get(fence.place)):
            return cells.inline(shown)
        return f"<code>{escape(tokens[idx].content)}</code>"


def _is_unpublished(target: Missing) -> bool:
    return target.problem.code is Code.LINK_UNPUBLISHED


def _unresolved(target: Missing, html: str) -> str:
    """The text of a link that leads nowhere; nothing tells it from text if it led to a secret."""
    if _is_unpublished(target):
        return html
    return f'<span class="pn-unresolved" title="{escape(target.problem.text)}">{html}</span>'


def _part(note: Note, target: Found) -> Sequence[Token]:
    """The tokens of the section or block that an embed names, or all of the note."""
    part = target.fragment
    if isinstance(part, Heading):
        after = (h.start for h in note.headings if h.start > part.start and h.level <= part.level)
        return note.tokens[part.start : next(after, len(note.tokens))]
    if isinstance(part, Block):
        return note.tokens[part.start : part.stop]
    return note.tokens
