"""The HTML of a note's tokens: what needs to know of other notes, files and results."""

from collections.abc import Sequence
from html import escape
from types import MethodType

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from provenote.bases import is_base
from provenote.model import (
    CanvasNode,
    Fence,
    Found,
    Link,
    Missing,
    Note,
    Target,
    Url,
    VaultPath,
)
from provenote.openings import opening
from provenote.pages import cells, diagrams, material, media, raw_html
from provenote.pages.book import Book, Shown
from provenote.pages.canvas import drawing
from provenote.pages.footnotes import Footnotes
from provenote.pages.outputs import Spot
from provenote.pages.placing import Placing
from provenote.pages.sections import part
from provenote.pages.unresolved import (
    is_unpublished,
    label,
    loop,
    missing,
    too_many,
    unpublished,
    unresolved,
)
from provenote.paths import fold, relative, stem
from provenote.problems import Problem
from provenote.queries import question
from provenote.syntax import parser
from provenote.syntax.anchors import FENCE_ID
from provenote.syntax.footnotes import body
from provenote.syntax.headings import OF_THE_FRAME, plain_text
from provenote.syntax.html_addresses import runs_a_script, with_addresses
from provenote.syntax.inline_code import LANGUAGE
from provenote.syntax.maths import kept

_DEEPEST = 20
"""How many notes may be embedded in one another."""
_MOST = 1000
"""How many embeds one page may hold: notes that embed the next twice double at each step."""


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
        self._footnotes: list[Footnotes] = []  # of each of them
        self._ids: set[str] = set()  # of headings, raw HTML and figures
        self._embeds = 0
        self._diagrams = 0
        self._codes = 0
        self.problems: list[Problem] = []
        self._placing = Placing(self._ids, self.problems.append)
        own = set(type(self).__dict__)
        for name, rule in parser().renderer.rules.items():  # type: ignore[attr-defined]
            if name not in own:
                self.rules[name] = MethodType(rule.__func__, self)
        self.rules.update(material.rules(self, self._shown))

    def note(self, note: Note) -> str:
        self._ids |= OF_THE_FRAME | {heading.anchor for heading in note.headings}
        return self._render(note, body(note.tokens), (note.path, ""), "")

    def _render(
        self, note: Note, tokens: Sequence[Token], at: tuple[VaultPath, str], prefix: str
    ) -> str:
        """A note, or a part of it, with the footnotes that it refers to."""
        self._within.append(at)
        self._footnotes.append(Footnotes(note, prefix))
        html = self._html(tokens) + self._footnotes[-1].section(self._html)
        self._footnotes.pop()
        self._within.pop()
        return html

    def _html(self, tokens: Sequence[Token]) -> str:
        return self.render(tokens, parser().options, {})

    def renderInline(  # noqa: N802
        self, tokens: Sequence[Token], options: OptionsDict, env: EnvType
    ) -> str:
        return kept(super().renderInline(tokens, options, env))

    def renderAttrs(self, token: Token) -> str:  # type: ignore[override]  # noqa: N802
        if (shown := self._shown(token.attrs)) is not token.attrs:
            token = Token("", "", 0, attrs=dict(shown))
        return super().renderAttrs(token)

    def _shown(self, attrs: material.Attributes) -> material.Attributes:
        """Leave out ids within an embed: the page has each only once."""
        copy = len(self._within) > 1 and "id" in attrs
        return {k: v for k, v in attrs.items() if k != "id"} if copy else attrs

    def paragraph_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Break the line between two paragraphs of a tight item, which a comment parts."""
        before = tokens[idx - 1] if idx else None
        if tokens[idx].hidden and before and before.type == "paragraph_close" and before.hidden:
            return "<br>\n"
        return self.renderToken(tokens, idx, options, env)

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        tag, anchor = tokens[idx].tag, tokens[idx - 2].meta["anchor"]
        if len(self._within) > 1 or tag == "h1":
            return f"</{tag}>\n"
        link = f'<a class="headerlink" href="#{escape(anchor)}" title="Link to this section">¶</a>'
        return f"{link}</{tag}>\n"

    def html_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        links: dict[str, Link] = tokens[idx].meta.get("links", {})
        html = raw_html.shown(tokens[idx].content, self._ids, copy=len(self._within) > 1)
        return with_addresses(html, lambda address: self._source(address, links.get(address)))

    html_inline = html_block

    def _source(self, address: str, link: Link | None) -> str | None:
        """What leads nowhere has no address, and what would run a script neither."""
        target = self._book.targets[link] if link else None
        if isinstance(target, Found):
            return self._href(target)
        return None if target or runs_a_script(address) else address

    def footnote_ref(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self._footnotes[-1].reference(tokens[idx].meta["id"])

    def footnote_anchor(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        meta = tokens[idx].meta
        return "" if meta.get("subId") else self._footnotes[-1].backlinks(meta["id"])

    # ---------------------------------------------------------------- links

    def wikilink(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        link: Link = tokens[idx].meta["link"]
        return self._anchor(link, escape(self._book.reads(link) or tokens[idx].content))

    def _anchor(self, link: Link, html: str) -> str:
        target = self._book.targets[link]
        if isinstance(target, Missing) and not (target.file and link.target):
            return unresolved(target, html)
        return f"{self._opening(link)}{html}</a>"

    def _opening(self, link: Link, title: str = "") -> str:
        """The start tag of a link; one without an address leads nowhere."""
        target = self._book.targets[link]
        if isinstance(target, Found):
            said = f' title="{escape(title)}"' if title else ""
            return f'<a class="pn-link" href="{self._href(target)}"{said}>'
        if is_unpublished(target):
            return "<a>"
        problem = escape(target.problem.text)
        if target.file and link.target:  # the note is there, if not the part of it
            href = self._href(Found(target.file))
            return f'<a class="pn-link pn-unresolved" href="{href}" title="{problem}">'
        return f'<a class="pn-unresolved" title="{problem}">'

    def _href(self, found: Found) -> str:
        return escape(self._book.href(found, self._page))

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        link: Link | None = token.meta.get("link")
        if link is None:
            return self.renderToken(tokens, idx, options, env)
        return self._opening(link, str(token.attrs.get("title", "")))

    def tag(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        name = tokens[idx].content
        url = self._book.tag_urls.get(fold(name))
        if url is None:
            return f'<span class="pn-tag">#{escape(name)}</span>'
        href = relative(url, self._page)
        return f'<a class="pn-tag" href="{escape(href)}">#{escape(name)}</a>'

    # --------------------------------------------------------------- embeds

    def embed(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        link: Link = tokens[idx].meta["link"]
        return self._embed(link, self._book.targets[link], block=tokens[idx].block)

    def unpublished(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """What `--8<--` would include."""
        return unpublished("p") + "\n"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        link: Link | None = tokens[idx].meta.get("link")
        token = tokens[idx]
        title = str(token.attrs.get("title", ""))
        if link:
            return self._embed(link, self._book.targets[link], block=token.block, title=title)
        alt = plain_text(token.children or ())
        return media.remote(str(token.attrs["src"]), alt, title)

    def _embed(self, link: Link, target: Target, *, block: bool, title: str = "") -> str:
        if isinstance(target, Missing):
            return missing(link, target, block=block)
        if target.file.path in self._book.scripts and block:
            return self._script(link, target)
        note = self._book.notes.get(target.file.path)
        if note is None:
            href = self._book.href(target, self._page)
            shown = media.embedded(href, target.file.path, link.text, title)
            return _paragraph(shown, block=block)
        if not block:
            return self._anchor(link, escape(note.title))
        return self._transclude(link, target, note)

    def _transclude(self, link: Link, target: Found, note: Note) -> str:
        at = (note.path, link.fragment)
        if at in self._within:
            # Told from where the loop begins, so that every page that meets it says the same.
            around = [*self._within[self._within.index(at) :], at]
            self.problems.append(loop(link, (path for path, _ in around)))
            return _paragraph(self._anchor(link, f"“{escape(label(link))}” embeds itself"))
        if len(self._within) > _DEEPEST or self._embeds >= _MOST:
            self.problems.append(too_many(link, _MOST, _DEEPEST))
            return _paragraph(self._anchor(link, escape(note.title)))
        self._embeds += 1
        html = self._render(note, part(note, target), at, f"e{self._embeds}-")
        title = escape(link.text or note.title or stem(note.path))
        source = f'<a class="pn-embed-source" href="{self._href(target)}">{title}</a>'
        return f'<div class="pn-embed">{source}\n{html}</div>\n'

    # ------------------------------------------------------------- canvases

    def canvas(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return drawing(tokens[idx].meta["canvas"], self._card, self._is_secret, self._page)

    def _is_secret(self, node: CanvasNode) -> bool:
        target = self._book.targets[node.link] if node.link else None
        return isinstance(target, Missing) and is_unpublished(target)

    def _card(self, node: CanvasNode) -> str:
        """What a card shows; its ids would not be the page's only ones."""
        html = ""
        if node.link:
            html += self._embed(node.link, self._book.targets[node.link], block=True)
        if node.note:
            self._embeds += 1
            at = (node.note.path, node.id)
            html += self._render(node.note, body(node.note.tokens), at, f"e{self._embeds}-")
        if node.address:
            address = escape(node.address)
            html += f'<p><a href="{address}">{address}</a></p>\n'
        return html

    # ----------------------------------------------------------------- code

    def _script(self, link: Link, target: Found) -> str:
        href = self._href(Found(target.file))
        html, problems = cells.embedded(
            link, target, self._book, href, spot=self._spot, highlighted=self._code
        )
        self.problems += problems
        return html

    def _spot(self, shown: Shown, origin: str = "", captions: Sequence[str] | None = None) -> Spot:
        copy = len(self._within) > 1
        figure = self._book.numbered(self._within[-1][0], shown.cell)
        return self._placing.spot(shown, captions, figure, copy=copy, origin=origin)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        fence: Fence = tokens[idx].meta["fence"]
        info = opening(fence.info).shown
        if shown := self._book.cells.get(fence.place):
            captions = [self._inline(caption) for caption in fence.captions]
            return cells.cell(shown, self._spot(shown, captions=captions), self._code, info)
        above = self._book.cells.get(fence.output_of) if fence.output_of else None
        if above is not None and above.ran and above.cell.options.output:
            # It stands under the cell already, as it came out.
            return cells.contradiction(fence) if above.differs else ""
        if answer := self._answer(fence):
            return self._html(answer)
        drawing = self._diagram(fence) if diagrams.is_diagram(fence) else ""
        return drawing or self._code(fence.code, info) + "\n"

    def _code(self, code: str, info: str) -> str:
        self._codes += 1
        if len(self._within) > 1:  # a copy has no id
            info = FENCE_ID.sub(r"\1", info)
        return self._book.highlighter.block(code, info, self._codes - 1)

    def _inline(self, token: Token) -> str:
        return self.renderInline(token.children or (), parser().options, {})

    def _answer(self, fence: Fence) -> Sequence[Token]:
        """What a query gives to the note that it stands in, a base to the one that embeds it."""
        around = [path for path, _ in self._within]
        asker = next((path for path in reversed(around) if not is_base(path)), around[0])
        return self._book.answers.get(question(asker, fence), ())

    def _diagram(self, fence: Fence) -> str:
        self._diagrams += 1
        html, problems = diagrams.figure(fence, f"diagram-{self._diagrams}")
        self.problems += problems
        return html

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return self._code(tokens[idx].content, "") + "\n"

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        fence = tokens[idx].meta.get("fence")
        if fence and (shown := self._book.cells.get(fence.place)):
            return cells.inline(shown, self._spot(shown))
        if fence and (answer := self._answer(fence)):
            return self._html(answer)
        if language := tokens[idx].meta.get(LANGUAGE):
            return self._book.highlighter.within_text(tokens[idx].content, language)
        return f"<code>{escape(tokens[idx].content)}</code>"


def _paragraph(html: str, *, block: bool = True) -> str:
    return f"<p>{html}</p>\n" if block else html
