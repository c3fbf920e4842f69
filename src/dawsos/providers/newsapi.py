"""Headlines of NewsAPI.org: only what its free tier lets one keep, which is who wrote what under which title and when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dawsos.providers import fields
from dawsos.providers.gateway import Answer, Gateway, Told

#: What stands in place of everything of an article its publisher has taken back.
_REMOVED: Final = "[Removed]"
#: The longest query the source takes.
LONGEST_QUERY: Final = 500


@dataclass(frozen=True, slots=True)
class Headline:
    """An article without its content."""

    title: str
    publisher: str
    url: str
    published_at: datetime


async def fetch_headlines(gateway: Gateway, query: str, first: date, last: date) -> Told[list[Headline]]:
    """At most a hundred headlines in English about ``query`` from ``first`` to ``last``, the newest first.

    ``query`` is in the source's notation: words, ``"exact phrases"``, OR; at most 500 characters. Only titles are looked through.
    """
    parameters = {
        "q": query,
        "searchIn": "title",
        "from": first.isoformat(),
        "to": last.isoformat(),
        "language": "en",
        "sortBy": "publishedAt",
        "pageSize": "100",
    }
    answer = await gateway.get("/v2/everything", parameters, _headlines)
    return Told(_headlines(answer), answer.fetched_at, answer.is_stale)


def _headlines(answer: Answer) -> list[Headline]:
    document = fields.record(answer.json(), "the answer")
    if document.get("status") != "ok":
        raise ValueError(f"its status is {document.get('status')!r}")
    return [
        Headline(
            title=fields.text(row.get("title"), "title"),
            publisher=fields.text(fields.record(row.get("source"), "source").get("name"), "source"),
            url=fields.text(row.get("url"), "url"),
            published_at=fields.moment(row.get("publishedAt"), "publishedAt"),
        )
        for row in fields.rows(document.get("articles"), "articles")
        if row.get("title") != _REMOVED
    ]
