"""Takes the pictures of the READMEs from a running demo: script/serve, then .venv/bin/python -m script.screenshots

Few and small: 1366 × 860, 64 colours, Chinese and English of each, into docs/images. CHROMIUM names another browser.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from registry.demo.people import PASSWORD
from script.browser import chromium

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images"
SIZE: ViewportSize = {"width": 1366, "height": 860}
COLOURS = 64
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
SAMPLE = "table tr:has-text('鞍校地协'):has-text('{status}') a"  # made by registry.demo.states
IN_FORCE = {"zh": "已生效", "en": "In force"}


def sign_in(page: Page, account: str) -> None:
    """As somebody of the demo."""
    page.goto("/sign-in")
    page.fill("[name=account]", account)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)


def keep(page: Page, name: str, language: str) -> None:
    """Write the picture that is on the screen."""
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    path = FOLDER / f"{name}-{language}.png"
    picture.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


def take(browser: Browser, address: str, language: str) -> None:
    """All pictures in one language."""

    def enter(account: str = "") -> Page:
        page = browser.new_context(base_url=address, locale=LOCALES[language], viewport=SIZE).new_page()
        if account:
            sign_in(page, account)
        return page

    leader = enter("liaoning.viewer")
    leader.goto("/overview")
    keep(leader, "overview", language)
    page = enter("anshan.handler")
    page.goto("/agreements")
    keep(page, "agreements", language)
    page.goto("/agreements/new/framework")
    keep(page, "draft", language)
    page.goto("/agreements")
    page.locator(SAMPLE.format(status=IN_FORCE[language])).last.click()
    keep(page, "agreement", language)
    stranger = enter()
    stranger.goto(page.locator("main a[href*='/v/']").first.get_attribute("href") or "")
    keep(stranger, "verification", language)


def main(address: str = "http://127.0.0.1:8000") -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        for language in LOCALES:
            take(browser, address, language)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
