"""Headlines of NewsAPI.org: only what its free tier lets one keep, which is who wrote what under which title and when."""

from dataclasses import dataclass
from datetime import date, datetime

from dawsos.providers import fields
from dawsos.providers.gateway import Answer, Gateway


@dataclass(frozen=True, slots=True)
class Headline:
    """An article without its content."""

    title: str
    publisher: str
    url: str
    published_at: datetime


async def fetch_headlines(gateway: Gateway, query: str, first: date, last: date) -> list[Headline]:
    """At most a hundred headlines in English about ``query``, the newest first."""
    parameters = {
        "q": query,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "language": "en",
        "sortBy": "publishedAt",
        "pageSize": "100",
    }
    answer = await gateway.get("/v2/everything", parameters, _headlines)
    return _headlines(answer)


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
    ]
