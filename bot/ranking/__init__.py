"""How much a development matters for the article's questions, and why. Pure."""
