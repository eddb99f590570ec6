"""What an outlet's edit of its own report changes in what it claims."""

from __future__ import annotations

import pytest

from bot.stories.edits import edited_facts
from tests.stories.samples import document

FIRST = ("Bus crash kills 41 migrants near Reynosa", "Officials said 41 people were killed.")


@pytest.mark.parametrize(
    ("title", "summary", "facts"),
    [
        ("Bus crash kills 18 migrants near Reynosa", "Officials counted 18 people killed.", ("corrected:1",)),
        ("Bus crash kills 43 migrants near Reynosa", "Officials said 43 people were killed.", ("killed:43",)),
        ("RETRACTED: Bus crash near Reynosa", "This report was withdrawn.", ("corrected:1",)),
        ("Crash of a bus kills 41 migrants near Reynosa", "Officials said that 41 people were killed.", ()),
        ("Bus crash near Reynosa kills 41 migrants", "", ()),
    ],
)
def test_an_edit_is_news_where_its_claims_changed(title: str, summary: str, facts: tuple[str, ...]) -> None:
    assert edited_facts(document(1, "en", *FIRST), document(1, "en", title, summary)) == facts
