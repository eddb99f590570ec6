"""Sets of concepts as bits of whole numbers: whether two have one in common is a single operation."""

from __future__ import annotations

from collections.abc import Iterable


class ConceptBits:
    """Numbers the concepts that it is asked about. Holds no more than these numbers."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}

    def numbered(self, concepts: Iterable[str]) -> int:
        """The bits of ``concepts``, each of which has one from now on."""
        bits = 0
        for concept in concepts:
            bits |= self._bits.setdefault(concept, 1 << len(self._bits))
        return bits

    def of(self, concepts: Iterable[str]) -> int:
        """The bits of those of ``concepts`` that have one."""
        known, bits = self._bits, 0
        for concept in concepts:
            if concept in known:
                bits |= known[concept]
        return bits
