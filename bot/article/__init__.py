"""The seed article as the bot knows it: our own brief in English and Spanish, and its concerns."""

from __future__ import annotations

#: The concerns in the order in which pages list them: the author's own two, then three of its background.
CONCERNS = (
    "border_security",
    "regional_security",
    "organized_crime",
    "defense_policy",
    "trade_leverage",
)

#: The concern that each topic of the matcher belongs to.
CONCERN_OF_TOPIC: dict[str, str] = {
    "border_security": "border_security",
    "migration": "border_security",
    "organized_crime": "organized_crime",
    "security_cooperation": "regional_security",
    "regional_security": "regional_security",
    "defense_policy": "defense_policy",
    "trade_leverage": "trade_leverage",
}
