"""`frontdesk knowledge`: the team's short articles, which are found while one writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inbox.errors import NotDone
from tui.line.desk import Desk
from tui.line.ids import id_given
from tui.line.team_texts import called, kept_aside, tell_misspelt, tell_mistakes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inbox.knowledge import Article


@click.group("knowledge", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """The team's knowledge: short articles; in the workspace they lie in documents/knowledge.json."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, as_json=as_json)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(desk: Desk, as_json: bool) -> None:
    """All articles by title, with how often each helped: put into a reply that has left."""
    from inbox.knowledge import Index

    _print(desk, Index(desk.store().documents.articles()).ranked(""), as_json)
    tell_mistakes(desk, "knowledge")


@command.command("search")
@click.argument("words", metavar="[WORDS]", nargs=-1)
@click.option(
    "--for", "conversation", metavar="ID", help="What fits the customer's message there, best first."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def search(desk: Desk, words: tuple[str, ...], conversation: str | None, as_json: bool) -> None:
    """Articles that WORDS find by title, tag or text, the best first; exit status 1 when there is none."""
    from inbox.errors import BadUsage
    from inbox.knowledge import Index, asked_in

    store = desk.store()
    shelf = Index(store.documents.articles())
    if conversation is not None:
        items = store.items(id_given(desk, conversation), newest=20)
        found = [article for _, article in shelf.fitting("\n".join((asked_in(items), *words)))]
    elif words:
        found = shelf.ranked(" ".join(words))
    else:
        raise BadUsage("There is nothing to look for.", "Give words, or --for ID.")
    _print(desk, found, as_json)
    if not found:
        raise click.exceptions.Exit(1)


@command.command("show")
@click.argument("title", metavar="TITLE")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show(desk: Desk, title: str, as_json: bool) -> None:
    """The text of an article."""
    from inbox.jsonform import as_line
    from inbox.text import sanitise

    article = _called(desk, title)
    click.echo(as_line(_object(article, desk.store().helped())) if as_json else sanitise(article.text))


@command.command("add")
@click.argument("title", metavar="TITLE")
@click.option("--text", metavar="TEXT", help="The article, in Markdown.")
@click.option("--file", metavar="FILE", help="A text file with the article; - is standard input.")
@click.option("--language", "languages", multiple=True, metavar="XX", help="For which language: en, de …")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A word to find it by.")
@click.pass_obj
def add(
    desk: Desk,
    title: str,
    text: str | None,
    file: str | None,
    languages: tuple[str, ...],
    tags: tuple[str, ...],
) -> None:
    """Write an article. Without --text and --file it is read from standard input.

    Places such as {first_name}, {subject}, {agent}, {due}, {shop} are filled when it is put in; all others by hand.
    """
    from inbox.knowledge import Article
    from tui.line.acting import text_given

    desk.may("knowledge add")
    _is_free(desk, title)
    _save(desk, Article(title, text_given(text, file).rstrip() + "\n", tags, languages), seen="")


@command.command("edit")
@click.argument("title", metavar="TITLE")
@click.option("--text", metavar="TEXT", help="The new text; without it and --file it opens in $EDITOR.")
@click.option("--file", metavar="FILE", help="A text file with the new text; - is standard input.")
@click.option("--title", "new_title", metavar="TITLE", help="Another title.")
@click.option("--language", "languages", multiple=True, metavar="XX", help="In place of its languages.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="In place of its tags.")
@click.pass_obj
def edit(
    desk: Desk,
    title: str,
    text: str | None,
    file: str | None,
    new_title: str | None,
    languages: tuple[str, ...],
    tags: tuple[str, ...],
) -> None:
    """Change an article. How often it helped is counted by its title."""
    from tui.line.acting import text_given

    desk.may("knowledge edit")
    article = _called(desk, title)
    if new_title:
        _is_free(desk, new_title, article.title)
    by_editor = text is None and file is None and not (new_title or languages or tags)
    if text is not None or file is not None:
        written = text_given(text, file)
    elif not by_editor:
        written = article.text
    else:
        from tui.line.edited import edited

        written = edited(article.text, restricted=desk.restricted)
    changed = article._replace(
        title=new_title or article.title,
        text=written.rstrip() + "\n",
        tags=tags or article.tags,
        languages=languages or article.languages,
    )
    try:
        _save(desk, changed, article.title, article.text)
    except NotDone as error:
        if by_editor:
            raise NotDone(error.what, f"{error.next_step}\n{kept_aside(written, 'article')}") from None
        raise


@command.command("remove")
@click.argument("title", metavar="TITLE")
@click.pass_obj
def remove(desk: Desk, title: str) -> None:
    """Take an article away."""
    desk.may("knowledge remove")
    desk.store().documents.forget_article(_called(desk, title).title)


def _is_free(desk: Desk, title: str, now: str = "") -> None:
    """Refuse a title that another article has than the one that is called `now`: NotDone."""
    from inbox.knowledge import LONGEST_TITLE
    from inbox.text import one_line

    wanted = one_line(title, LONGEST_TITLE)
    if any(each.title == wanted != now for each in desk.store().documents.articles()):
        raise NotDone(
            f"There is an article {one_line(title, 60)!r} already.",
            f"{desk.called} knowledge edit changes it.",
        )


def _save(desk: Desk, article: Article, instead_of: str = "", seen: str | None = None) -> None:
    tell_misspelt(article.text)
    desk.store().documents.save_article(article, instead_of, seen)


def _called(desk: Desk, title: str) -> Article:
    """The article of a title, whatever its capitals. NotDone with the nearest when there is none."""
    articles = {each.title: each for each in desk.store().documents.articles()}
    return articles[called(desk, "article", title, articles)]


def _print(desk: Desk, articles: Sequence[Article], as_json: bool) -> None:
    from inbox.jsonform import as_line

    helped = desk.store().helped()
    for article in articles:
        click.echo(as_line(_object(article, helped)) if as_json else _line(article, helped))


def _object(article: Article, helped: Mapping[str, int]) -> dict[str, object]:
    from inbox.knowledge import KNOWLEDGE, document_of

    return {**document_of(article), "helped": helped.get(KNOWLEDGE + article.title, 0)}


def _line(article: Article, helped: Mapping[str, int]) -> str:
    from inbox.knowledge import KNOWLEDGE
    from inbox.text import cut, one_line, pad, sanitise

    marks = "".join(f" [{mark}]" for mark in (*article.languages, *article.tags))
    count = f"{helped.get(KNOWLEDGE + article.title, 0)}x"
    head = f"{pad(cut(article.title, 34), 34)} {count:>5} {sanitise(marks)}"
    return cut(f"{head}  {one_line(article.text, 200)}".rstrip(), 120)
