"""The network side of the optional language model: one POST over an aiohttp session."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp

from bot.summaries.llm import MOST_ANSWER_BYTES, Post


def aiohttp_post(session: aiohttp.ClientSession) -> Post:
    """A ``Post`` over ``session``. No redirects are followed, so that the key goes nowhere else.

    It raises ConnectionRefusedError where nothing was sent, OSError for a connection that fails later
    (aiohttp's own errors are turned into these) and TimeoutError.
    """

    async def post(url: str, headers: Mapping[str, str], body: bytes, seconds: float) -> tuple[int, bytes]:
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with session.post(
                url, headers=dict(headers), data=body, timeout=timeout, allow_redirects=False
            ) as response:
                answer = b""
                async for part in response.content.iter_chunked(8_192):
                    answer += part
                    if len(answer) > MOST_ANSWER_BYTES:
                        break
                return response.status, answer
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            raise ConnectionRefusedError(type(error).__name__) from None
        except aiohttp.ClientError as error:
            # Without the text: an address may hold a key.
            raise OSError(type(error).__name__) from None

    return post


@asynccontextmanager
async def http_post() -> AsyncIterator[Post]:
    """A ``Post`` over a session of its own, closed at the end."""
    async with aiohttp.ClientSession() as session:
        yield aiohttp_post(session)
