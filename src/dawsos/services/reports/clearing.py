"""What of a document may leave the house: a section with a source that lacks the right becomes a notice, or nothing leaves at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dawsos.kernel.errors import Forbidden
from dawsos.services.reports.document import Document, Section
from dawsos.services.rights import ExportPolicy, Use, decide, watermark


@dataclass(frozen=True, slots=True)
class Cleared:
    """A document as it may be exported. ``blocked`` says for each section that was left out why, by its id."""

    document: Document
    use: Use
    blocked: Mapping[str, str]
    attributions: tuple[str, ...]
    watermark: str | None


def clear(document: Document, use: Use, policy: ExportPolicy, *, strict: bool = False) -> Cleared:
    """The document without what may not be used so. The sources of a section are those of everything in it; a section none are known of
    and a source whose terms are not known are refused.

    With ``strict``, or when the operator is strict, and when nothing would be left: :class:`Forbidden` with code ``rights_blocked``.
    """  # noqa: D205 - one thought
    blocked: dict[str, str] = {}
    sections: list[Section] = []
    for section in document.sections:
        reason = None if section.notice is not None else _refusal(section, use, policy)
        if reason is None:
            sections.append(section)
        else:
            blocked[section.id] = reason
            sections.append(replace(section, blocks=(), remarks=(), notice=f"This section is left out: {reason}."))
    nothing_left = not any(section.notice is None for section in sections)
    if blocked and (strict or policy.strict or nothing_left):
        raise _refused(document, sections, blocked)
    cleared = replace(document, sections=tuple(sections))
    decision = decide(use, cleared.sources, policy.licensed)
    return Cleared(cleared, use, blocked, decision.attributions, watermark(cleared.sources))


def _refusal(section: Section, use: Use, policy: ExportPolicy) -> str | None:
    if not section.sources:
        return "where its figures come from is not known"
    refused = decide(use, section.sources, policy.licensed).refused
    return "; ".join(f"{source}: {why}" for source, why in refused.items()) or None


def _refused(document: Document, sections: list[Section], blocked: Mapping[str, str]) -> Forbidden:
    titles = {section.id: section.title for section in sections}
    listed = "; ".join(f"{titles[name]} ({why})" for name, why in blocked.items())
    return Forbidden(
        f"'{document.title}' may not be exported: {listed}.",
        remedy="Leave these parts out, or declare a licence you hold in DAWSOS_LICENSED_SOURCES.",
        code="rights_blocked",
        details={"blocked_sections": dict(blocked)},
    )
