"""What a file says of itself: whose figures, under which state, from which sources, and what was left out."""

from collections.abc import Iterator

from dawsos.services.reports.clearing import Cleared


def about(cleared: Cleared) -> Iterator[tuple[str, str]]:
    """Label and text, in the order they are read."""
    document = cleared.document
    yield "Document", document.title
    facts = (
        ("Portfolio", document.subject),
        ("As of", document.asof_date.isoformat() if document.asof_date else None),
        ("Base currency", document.base_currency),
        ("Pricing pack", document.pricing_pack_id),
        ("Ledger state", document.ledger_commit_hash),
        ("Mark", cleared.watermark),
        ("Sources", ", ".join(document.sources) or None),
    )
    yield from ((label, text) for label, text in facts if text)
    yield from (("Attribution", line) for line in cleared.attributions)
    titles = {section.id: section.title for section in document.sections}
    yield from (("Left out", f"{titles[name]}: {why}") for name, why in cleared.blocked.items())
