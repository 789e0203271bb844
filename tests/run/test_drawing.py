"""A figure is drawn once, and comes out as matplotlib itself would save it."""

from provenote.run import svg
from tests.run.project import Project, brief, shown, text_of

SAVED = """
import io
import matplotlib
import matplotlib.pyplot as plt

def make():
{make}
    return plt.gcf()

{settings}
figure = make()
if figure.get_layout_engine() is None:
    figure.set_layout_engine("{engine}")
file = io.StringIO()
same = {{"svg.hashsalt": "provenote", "svg.fonttype": "none"}}
with matplotlib.rc_context(same):
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(file, format="svg", dpi=144, metadata=nothing)
plt.close()
print(file.getvalue())
"""

FIGURES = {
    "lines": ("plt.plot([1, 2], label='a'); plt.legend(); plt.xlabel('x'); plt.title('t')", ""),
    "many axes": (
        "figure, axes = plt.subplots(2, 3, sharex=True); figure.suptitle('s');"
        " axes[1, 2].set_ylabel('a long label')",
        "",
    ),
    "twins": ("plt.plot([1, 9]); plt.twinx().set_ylabel('right'); plt.title('over')", ""),
    "colour bar": ("plt.imshow([[1, 2], [3, 4]]); plt.colorbar(label='c')", ""),
    "the author's layout": ("plt.subplots(2, 2, layout='compressed')", ""),
    "always tight": (
        "plt.plot([1, 2]); plt.ylabel('y')",
        "matplotlib.rcParams['figure.autolayout'] = True",
    ),
    "tight box": (
        "plt.plot([1, 2]); plt.figtext(1.1, 0.5, 'outside')",
        "matplotlib.rcParams['savefig.bbox'] = 'tight'",
    ),
    "no axes": ("plt.figure().text(0.5, 0.5, 'only text')", ""),
    "texts of all kinds": (
        "plt.semilogy([1, 1e5]); plt.xticks(rotation=40, ha='right'); plt.ylabel('$y^2$\\n(m)');"
        " plt.annotate('here', (0.5, 9), (0.2, 900), bbox={}, arrowprops={})",
        "",
    ),
    "texts that change while room is made": (
        "plt.plot([1, 2]); plt.gca().yaxis.set_major_formatter("
        "lambda y, _: 'narrow' if plt.gca().get_position().width < 0.8 else f'{y}');"
        " plt.text(0.6, 1.2, 'many words ' * 9, wrap=True, fontsize=14.5)",
        "",
    ),
    "words as pixels": (
        "plt.plot([1, 2]); plt.title('same'); plt.suptitle('same', rasterized=True)",
        "",
    ),
    "polar": ("plt.subplot(projection='polar').plot([1, 2, 3])", ""),
    "figures in a figure": (
        "a, b = plt.figure().subfigures(2); a.suptitle('s'); b.subplots().set_title('t')",
        "",
    ),
}


def test_a_figure_is_what_matplotlib_would_save(project: Project) -> None:
    for name, (make, settings) in FIGURES.items():
        engine = "tight" if "colorbar" in make else "constrained"
        saved = SAVED.format(make=f"    {make}", settings=settings, engine=engine)
        project.note(f"{name}.md", saved, "make()\nplt.show()")
    results = project.run()
    assert len(results) == len(FIGURES)
    for name, result in results.items():
        assert brief(result.failure) == "fine", name
        (figure,) = shown(result)
        assert figure["image/svg+xml"] == svg.themed(text_of(result)[:-1]), name


def test_a_figure_is_drawn_once(project: Project) -> None:
    result = project.only(
        """
        import matplotlib.pyplot as plt
        figure, _ = plt.subplots()
        figure.canvas.mpl_connect("draw_event", lambda event: print("drawn"))
        plt.show()
        """
    )
    assert text_of(result) == "drawn\n"
    assert len(shown(result)) == 1


def test_a_figure_may_be_shown_again_after_a_change(project: Project) -> None:
    start = "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()"
    long = "axes.set_ylabel('two\\nlines')"
    changed = project.only(start, f"display(figure)\n{long}\ndisplay(figure)\nplt.close()")
    fresh = project.only(start, f"{long}\ndisplay(figure)\nplt.close()")
    assert shown(changed)[1] == shown(fresh)[0] != shown(changed)[0]
