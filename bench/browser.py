"""A small browser for the gates: cookies, CSRF tokens and versions by hand, as fast as the server answers."""

import re
from http.client import HTTPConnection, HTTPException, HTTPResponse
from secrets import token_urlsafe
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
VERSION = re.compile(r'name="row_version" value="(\d+)"')
FORM_COOKIE = re.compile(r"(__Host-form=[^;]+)")
PATIENCE_SECONDS = 30
Gone = (OSError, HTTPException)


class Refused(AssertionError):
    """The server answered something else than was expected."""


class Busy(Exception):
    """The server asks to try again later; nothing was done."""


class Browser:
    """One person's browser; `session` is the token of a session that was opened in the database."""

    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.cookies = f"__Host-session={session}"
        self.form = ""
        self.token = ""
        self.connection: HTTPConnection | None = None

    def get(self, path: str) -> str:
        """A page.

        Raises one of Gone where the server does not answer, Busy, or Refused for anything but 200.
        """
        status, _location, text = self._ask("GET", path, None)
        if status == 503:
            raise Busy(path)
        if status != 200:
            raise Refused(f"GET {path}: {status}")
        return text

    def post(self, path: str, form: dict[str, str]) -> str:
        """Send a form once; the address that it led to.

        Raises one of Gone where the server does not answer, Busy, or Refused for anything but 303.
        """
        sent = form | {"csrf_token": self.token, "nonce": token_urlsafe(24)}
        status, location, text = self._ask("POST", path, urlencode(sent))
        if status == 503:
            raise Busy(path)
        if status != 303:
            raise Refused(f"POST {path}: {status} {' '.join(re.sub('<[^>]+>', ' ', text).split())[:2000]}")
        return location

    def version(self, path: str) -> str:
        """The version that the page's forms carry; fetches the CSRF token with it."""
        page = self.get(path)
        self._remember_token(page)
        found = VERSION.search(page)
        return found.group(1) if found else ""

    def open_form(self, path: str) -> str:
        """A page with a form; fetches the CSRF token with it."""
        page = self.get(path)
        self._remember_token(page)
        return page

    def close(self) -> None:
        """Hang up; the next request calls again."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _remember_token(self, page: str) -> None:
        found = TOKEN.search(page)
        if found:
            self.token = found.group(1)

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {"Cookie": "; ".join(part for part in (self.cookies, self.form) if part)}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode()
        except Gone:
            self.close()
            raise
        self._keep_form_cookie(answer)
        return answer.status, answer.getheader("Location") or "", text

    def _keep_form_cookie(self, answer: HTTPResponse) -> None:
        for given in answer.headers.get_all("Set-Cookie") or ():
            if found := FORM_COOKIE.match(given):
                self.form = found.group(1)
