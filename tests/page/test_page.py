"""The page in a real browser: type, choose, press, hear. Needs Debian's chromium."""

from __future__ import annotations

import shutil

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not in this environment")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--mute-audio"]


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (apt-get install chromium fonts-noto-cjk)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, api):
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request", lambda request: None if request.url.startswith(("http://127.0.0.1", "data:")) else problems.append(request.url)
    )
    page.set_default_timeout(10_000)
    page.goto(api)
    page.get_by_role("radio", name="普通").wait_for(state="attached")
    yield page
    page.close()
    assert problems == []  # no script error, and nothing fetched from anywhere but this machine


def heard(page) -> float:
    """Seconds of audio that the player has got; waits until it has ended."""
    state = "(({ended, duration, currentTime, paused, error}) => ({ended, duration, currentTime, paused, error: error?.message}))"
    for _ in range(100):
        player = page.evaluate(f"{state}(document.getElementById('audio'))")
        if player["ended"]:
            return player["duration"]
        page.wait_for_timeout(200)
    raise AssertionError(f"the player never came to the end: {player}")


def test_type_choose_press_hear(page):
    page.get_by_label("文本").fill("你好。")
    emotion = page.get_by_role("radio").last
    emotion.check(force=True)  # what is seen is the label around it
    page.get_by_label("强度").fill("1.5")
    with page.expect_response("**/api/tts") as caught:
        page.get_by_role("button", name="播放").click()
    asked, said = caught.value.request.post_data_json, caught.value.json()
    assert (asked["text"], asked["emotion"], asked["intensity"]) == ("你好。", emotion.get_attribute("value"), 1.5)
    assert abs(heard(page) - said["duration_ms"] / 1000) < 0.15
    assert page.evaluate("document.getElementById('audio').src") == said["url"]
    assert f"{said['duration_ms'] / 1000:.1f} 秒" in page.locator("#facts").inner_text()


def test_a_mistake_is_told_in_chinese_and_can_be_mended(page):
    page.get_by_label("文本").fill("")
    page.get_by_role("button", name="播放").click()
    page.get_by_role("alert").get_by_text("文本不能为空").wait_for()
    page.get_by_label("文本").fill("好。")
    page.get_by_role("button", name="播放").click()
    page.locator("#result").wait_for()
    assert not page.get_by_role("alert").is_visible()
    assert page.get_by_role("button", name="播放").is_enabled()


def test_by_keyboard_alone(page):
    page.get_by_label("文本").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("早。")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.name") == "emotion"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "intensity"
    page.get_by_label("文本").focus()
    with page.expect_response("**/api/tts") as caught:
        page.keyboard.press("Control+Enter")
    assert caught.value.status == 200
    assert caught.value.request.post_data_json["emotion"] == page.locator("input[name=emotion]:checked").get_attribute("value")


def test_it_fits_a_phone(page):
    page.get_by_text("音色、语速与格式").click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_service_away_is_told_in_chinese(page):
    page.route("**/api/tts", lambda route: route.abort())
    page.get_by_role("button", name="播放").click()
    page.get_by_role("alert").get_by_text("连接不上服务").wait_for()


def test_the_description_page_lists_the_routes(browser, api):
    page = browser.new_page()
    page.goto(f"{api}/docs")
    page.get_by_role("heading", name="POST /api/tts").wait_for()
    assert page.get_by_text("curl").count() >= 3
    page.close()
