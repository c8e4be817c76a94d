"""A real Chromium in front of the application on SQLite. Every page that a test opens is watched for faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from werkzeug.serving import ThreadedWSGIServer, make_server

from registry.accounts import sessions
from registry.accounts.models import User
from registry.core.db import transaction
from script.browser import chromium
from tests.conftest import EVERYWHERE

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = 1366, 390
# Given an element and files as pairs of name and base64: drops them on it.
DROP = """(form, files) => {
    const data = new DataTransfer();
    for (const [name, content] of files) {
        data.items.add(new File([Uint8Array.from(atob(content), sign => sign.charCodeAt(0))], name));
    }
    for (const kind of ["dragover", "drop"]) {
        form.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    }
}"""
STOPS_WITHIN = 0.02  # seconds; half a second unless told, which each test would wait for at its end
PATIENCE = 60_000  # milliseconds: nothing here measures how fast the machine is
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
# The bounded profile: each language and each width once. `script/gates` asks every combination.
SIZES = [("zh", DESK), ("zh", PHONE), ("en", DESK), ("en", PHONE)]
VIEWS = SIZES if EVERYWHERE else [("zh", DESK), ("en", PHONE)]
LANGUAGES = ["zh", "en"] if EVERYWHERE else ["zh"]
# Only what is broken leaves the page: what passed is a hundred times as long.
BROKEN = """rules => axe.run(rules).then(found =>
    found.violations.map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160))}`))"""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What changes its colour below the mouse has neither colour for a moment. Nobody waits for the change to end: where
# no picture is drawn it never does.
SETTLED = """() => document.getAnimations()
    .filter(one => one.effect.getComputedTiming().endTime < Infinity)
    .forEach(one => one.finish())"""
# Two thirds of what the rules cost, and alike in both widths: where a test looks at its pages in each, the bounded
# profile asks it on the desk.
NO_CONTRAST = RULES | {"rules": {"color-contrast": {"enabled": False}}}


expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, without looking around in the network."""
    return {"executable_path": chromium(), "args": ARGUMENTS}


@dataclass
class Site:
    """The served application and the windows opened on it."""

    url: str
    browser: Browser
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self, path: str = "", user: User | None = None, *, language: str = "zh", width: int = DESK, scripts: bool = True
    ) -> Page:
        """A window of its own, signed in as `user`, showing `path`."""
        context = self.browser.new_context(
            base_url=self.url,
            locale=LOCALES[language],
            viewport={"width": width, "height": 844 if width == PHONE else 768},
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("console", self._listen)
        if user is not None:
            self.sign_in(page, user)
        if path:
            page.goto(path)
        return page

    def sign_in(self, page: Page, user: User, *, second_factor: bool = True) -> None:
        """Be this user in the page's window from now on."""
        with transaction():
            token = sessions.open_session(user, second_factor=second_factor)
        # Playwright takes a Secure cookie for an https address only; Chromium sends it to the loopback all the same.
        address = self.url.replace("http:", "https:")
        page.context.add_cookies([{"name": sessions.COOKIE, "value": token, "url": address, "secure": True}])

    def _listen(self, message: ConsoleMessage) -> None:
        """Errors and broken rules of the content policy. That a page itself answers 4xx is the test's business."""
        is_refusal = message.text.startswith("Failed to load resource") and "/static/" not in message.location["url"]
        if message.type in ("error", "warning") and not is_refusal:
            self.faults.append(f"{message.type}: {message.text}")


@pytest.fixture
def site(app: Flask, browser: Browser) -> Iterator[Site]:
    """The application in a thread, forms checked as in earnest."""
    wanted, app.config["WTF_CSRF_ENABLED"] = app.config.get("WTF_CSRF_ENABLED", True), True
    server = cast("ThreadedWSGIServer", make_server("127.0.0.1", 0, app, threaded=True))
    server.daemon_threads = False  # closing waits for them: none reads a database that is put back meanwhile
    thread = Thread(target=server.serve_forever, args=(STOPS_WITHIN,), daemon=True)
    thread.start()
    made = Site(f"http://127.0.0.1:{server.server_port}", browser)
    yield made
    for context in made.contexts:
        context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    app.config["WTF_CSRF_ENABLED"] = wanted
    assert made.faults == []


def follow(leading: Locator) -> Page:
    """Click what leads to another page, and wait until that one is there; a click alone returns before it is."""
    page = leading.page
    with page.expect_navigation():
        leading.click()
    return page


@pytest.fixture(scope="session")
def axe() -> str:
    """The script with the rules."""
    return str(Axe().axe_script)


@pytest.fixture
def check_page(axe: str, request: pytest.FixtureRequest) -> Callable[[Page], None]:
    """Checks the page that is shown: accessible to WCAG 2.2 AA and good practice, and no wider than the window."""
    asked_by = getattr(request.node, "callspec", None)
    is_again = asked_by is not None and asked_by.params.get("width") == PHONE and not EVERYWHERE
    rules = NO_CONTRAST if is_again else RULES

    def check(page: Page) -> None:
        page.wait_for_load_state()  # of a page that is there: whoever clicks before waits for the next (`follow`)
        page.evaluate("scrollTo(0, 0)")  # the header that stays on top would seem to cover what is below it
        page.evaluate(SETTLED)
        page.evaluate(axe)
        assert page.evaluate(BROKEN, rules) == []
        wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, f"{wide} px in a window of {window}"

    return check
