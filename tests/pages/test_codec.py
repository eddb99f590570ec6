"""A page that waits in the outbox comes back as it went in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.page import (
    Button,
    Choice,
    Code,
    Divider,
    File,
    Heading,
    Item,
    Link,
    Mention,
    Note,
    Option,
    Page,
    Paragraph,
    Picture,
    Request,
    Strong,
    When,
)
from bot.pages.codec import UnreadablePage, dump_page, load_page

TEXT = st.text(max_size=40)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)
SPANS = st.lists(
    st.one_of(
        TEXT,
        st.builds(Link, TEXT, TEXT),
        st.builds(Strong, TEXT),
        st.builds(Code, TEXT),
        st.builds(When, MOMENTS, st.booleans()),
        st.builds(Mention, st.sampled_from(["channel", "role", "member"]), st.integers(0, 2**63 - 1)),
    ),
    max_size=4,
).map(tuple)
BLOCKS = st.one_of(
    st.builds(Heading, TEXT),
    st.builds(Paragraph, SPANS),
    st.builds(Item, SPANS, st.lists(SPANS, max_size=3).map(tuple)),
    st.builds(Note, SPANS),
    st.just(Divider()),
    st.builds(Picture, st.binary(max_size=20), TEXT, TEXT),
    st.builds(File, TEXT, st.binary(max_size=20)),
)
REQUESTS = st.builds(Request, TEXT, st.dictionaries(TEXT, TEXT, max_size=3))
PAGES = st.builds(
    Page,
    TEXT,
    st.lists(BLOCKS, max_size=6).map(tuple),
    st.lists(st.builds(Button, TEXT, REQUESTS, st.booleans(), st.booleans()), max_size=3).map(tuple),
    st.lists(
        st.builds(
            Choice,
            TEXT,
            REQUESTS,
            TEXT,
            st.lists(st.builds(Option, TEXT, TEXT, TEXT, st.booleans()), max_size=3).map(tuple),
            st.integers(1, 25),
            st.sampled_from(["options", "channels", "roles"]),
        ),
        max_size=2,
    ).map(tuple),
    st.booleans(),
    st.sampled_from(["plain", "good", "warning", "problem"]),
)


@given(PAGES)
def test_what_is_dumped_is_loaded(page: Page) -> None:
    assert load_page(dump_page(page)) == page


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", '{"v":2}', '{"v":1,"title":"t"}', '{"v":1,"title":"t","tone":"","private":true,'
     '"blocks":[["surprise"]],"buttons":[],"choices":[]}'],
)  # fmt: skip
def test_what_is_not_a_page_is_refused(text: str) -> None:
    with pytest.raises(UnreadablePage):
        load_page(text)
