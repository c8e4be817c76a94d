"""The only way a page reaches anything: small `data:` images, and `asset:` bytes that came with the message."""

from collections.abc import Mapping

from weasyprint.urls import URLFetcher, URLFetcherResponse

LONGEST_DATA = 200_000
IMAGES = ("data:image/png;base64,", "data:image/jpeg;base64,")


class Forbidden(ValueError):
    """A page asked for something from outside."""


class OwnFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Knows no protocol but ours; whatever else is asked for stops the rendering."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
        self.assets = assets

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Raises Forbidden, which WeasyPrint turns into FatalURLFetchingError."""
        if url.startswith("asset:") and url[6:] in self.assets:
            return URLFetcherResponse(url, self.assets[url[6:]], {"Content-Type": "image/jpeg"})
        if url.startswith(IMAGES) and len(url) <= LONGEST_DATA:
            return super().fetch(url)
        raise Forbidden(url[:80])
