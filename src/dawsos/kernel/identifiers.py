"""Identifiers: time-ordered UUIDs made by the client, and names that are always the same UUID."""

from uuid import UUID, uuid5

_DAWSOS = UUID("6f2d1f5e-6c0b-5d0a-9a54-0b6b7a6f5c11")


def uuid7(milliseconds: int, entropy: bytes) -> UUID:
    """A version 7 UUID from Unix ``milliseconds`` and at least ten random bytes (RFC 9562, 5.7)."""
    if len(entropy) < 10:
        raise ValueError("uuid7 needs at least ten bytes of entropy")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(entropy[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def named(kind: str, *parts: object) -> UUID:
    """The UUID of a thing known by name: equal parts give an equal identifier on every machine."""
    return uuid5(_DAWSOS, "\x1f".join([kind, *map(str, parts)]))
