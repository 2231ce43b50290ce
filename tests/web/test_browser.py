"""The page in Chromium, from disk, with the network off: what a person does and sees there."""

import os
import re
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from browser_visit import RESULT, Visit
from interview_people import FOLDER, asked_in, begun

from eligibility import AccountHistory, evaluate, read_history
from eligibility.rules import NOTICE
from eligibility.web.screens import SelfCheck

EXPORT = Path(__file__).parents[2] / "examples" / "archive" / "ada-example-export.zip"
#: The dialogues that the docs show.
TEN = (
    "never-had-premium",
    "premium-since-2021",
    "does-not-know-inmails",
    "subscribed-after-the-update",
    "premium-until-2023",
    "never-an-inmail",
    "inmails-after-the-update",
    "knows-nothing",
    "spring-2024",
    "has-an-archive",
)


def finish(visit: Visit, person: dict[str, Any], most: int = 12) -> Visit:
    for _ in range(most):
        if visit.heading == RESULT:
            return visit
        visit.say(person)
    raise AssertionError(visit.heading)


def test_what_is_pressed_before_python_is_ready_is_kept(whole_visit: Visit) -> None:
    """It was pressed when the page was opened, for all tests here; this one stands first."""
    assert "getting ready" in whole_visit.early
    assert whole_visit.heading.startswith("Did you have LinkedIn Premium")
    assert whole_visit.errors == []


def test_on_a_phone_how_the_case_stands_and_the_first_button_are_soon_in_sight(
    visit: Visit,
) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    place = "(each) => each.getBoundingClientRect().bottom + scrollY"
    ends = [
        visit.page.get_by_text(NOTICE).first.evaluate(place),
        visit.button("Start with my export").evaluate(place),
        visit.button("Start without it").evaluate(place),
    ]
    assert ends == sorted(ends)
    assert ends[1] < 1.2 * 844
    assert ends[2] < 1.5 * 844
    visit.press("Start without it").choose("No")
    letter = visit.button("Save the letter").evaluate(place)
    assert visit.page.get_by_text("What this self-check can").evaluate(place) < letter < 3 * 844


def test_an_archive_comes_to_a_verdict_that_native_python_gives(visit: Visit) -> None:
    visit.upload("archive", EXPORT, "Start with my export")
    assert visit.heading != RESULT
    finish(visit, {"says": {}})
    name, history = visit.downloaded("Download what you said, as JSON")
    assert name.endswith(".json")
    native = evaluate(read_history(history))
    told = visit.verdict()
    assert (told["status"], told["history_digest"]) == (
        native.status.value,
        native.history_digest,
    )
    name, letter = visit.downloaded("Save the letter")
    assert name.endswith(".html")
    assert native.history_digest in letter.decode()
    assert visit.errors == []


@pytest.mark.parametrize("name", TEN)
def test_each_dialogue_comes_to_its_verdict(visit: Visit, name: str) -> None:
    _, person = asked_in(FOLDER / f"{name}.txt")
    interview = begun(person, supposing=True)
    if "archive" in person or "history" in person:
        likely = tuple(person.get("likely", ()))
        visit.resume(SelfCheck.start().begin(interview.history, likely).saved)
    else:
        visit.press("Start without it")
    finish(visit, person, person["at_most"] + 1)
    shown = [each.get_attribute("class") for each in visit.page.locator(".result").all()]
    assert shown == [f"result {person[key]}" for key in ("ends_without", "ends")]
    assert visit.verdict()["status"] == person["ends_without"]
    assert visit.errors == []


def test_what_was_saved_is_taken_up_and_the_browsers_own_back_loses_nothing(visit: Visit) -> None:
    visit.press("Start without it").choose("Yes")
    second = visit.heading
    name, saved = visit.downloaded("Save my answers")
    assert name == "self-check-answers.json"
    visit.page.go_back()
    visit.page.get_by_role("heading", name="at any time before").wait_for()
    visit.page.go_forward()
    visit.page.get_by_role("heading", name=second).wait_for()
    visit.start_again().resume(saved.decode())
    assert visit.heading == second


def test_a_link_within_a_screen_leads_to_its_part_and_to_no_other_screen(visit: Visit) -> None:
    visit.press("Start without it").choose("Yes")
    question = visit.heading
    visit.page.get_by_role("link", name="What it can and cannot tell you").click()
    assert focused(visit) == "about"
    visit.press("Continue").page.locator("#errors a").click()
    assert focused(visit) == "answer"
    visit.page.get_by_role("link", name="Skip to the main part").focus()
    visit.page.keyboard.press("Enter")
    assert focused(visit) == "main"
    assert visit.rested().heading == question
    visit.page.go_back()  # to the screen without the error, and not to a part of this one
    visit.page.locator("#errors").wait_for(state="detached")
    assert visit.rested().heading == question


def focused(visit: Visit) -> str:
    return str(visit.page.evaluate("document.activeElement.id"))


def test_what_an_earlier_visit_left_in_the_browsers_history_leads_to_the_first_screen(
    visit: Visit,
) -> None:
    """The page was loaded again, and what was said is gone; its entries are still there."""
    visit.press("Start without it").choose("Yes")
    earlier = "new PopStateEvent('popstate', {state: {visit: 0, at: 1}})"
    visit.page.evaluate(f"window.dispatchEvent({earlier})")
    assert visit.rested().heading == "Check whether you fit the description"


def test_what_was_deleted_cannot_be_had_back_by_the_browsers_back(visit: Visit) -> None:
    """'What you said will be gone': whoever sits there next could read it."""
    visit.press("Start without it").choose("Yes")
    visit.press("Start again").press("Delete it and start again")
    for _ in range(3):
        visit.page.go_back()
        visit.page.wait_for_timeout(300)
        assert visit.rested().heading == "Check whether you fit the description"
        assert "What you said so far" not in visit.words
    visit.press("Start without it")
    assert visit.heading.startswith("Did you have LinkedIn Premium")


def test_leaving_is_asked_about_once_there_is_something_to_lose(visit: Visit) -> None:
    asked: list[str] = []

    def stay(box: Any) -> None:
        asked.append(box.type)
        box.dismiss()

    def leave() -> None:
        visit.page.evaluate("window.stayed = true; location.reload()")
        visit.page.wait_for_timeout(300)

    asks = "dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert visit.page.evaluate(asks)
    visit.press("Start without it").choose("Yes")
    question = visit.heading
    assert not visit.page.evaluate(asks)
    visit.page.on("dialog", stay)
    leave()
    visit.page.remove_listener("dialog", stay)
    assert asked == ["beforeunload"]
    assert visit.page.evaluate("window.stayed")
    assert visit.heading == question


def test_the_second_press_of_a_double_click_answers_no_other_question(visit: Visit) -> None:
    """'I don't know' of the next question may stand just where that of the last one stood."""
    first = visit.press("Start without it").heading

    def press(name: str, count: int) -> None:
        visit.button(name).scroll_into_view_if_needed()
        box = visit.button(name).bounding_box()
        assert box
        mouse = visit.page.mouse
        mouse.move(box["x"] + 20, box["y"] + 20)
        mouse.down(click_count=count)
        mouse.up(click_count=count)

    press("I don't know", 1)
    visit.page.get_by_role("heading", name="send or receive an InMail").wait_for()
    second = visit.rested().heading
    press("I don't know", 2)
    visit.page.wait_for_timeout(300)
    assert visit.rested().heading == second
    press("I don't know", 1)
    visit.page.get_by_text("What you said so far (2)").wait_for()
    press("Back", 1)
    visit.page.get_by_text("What you said so far (1)").wait_for()
    press("Back", 2)
    visit.page.get_by_role("heading", name=first).wait_for()


def test_the_second_press_of_a_double_click_ticks_nothing_on_the_next_screen(
    visit: Visit,
) -> None:
    """Fifty others stand there by then, and nobody would see which of them was ticked."""
    premium = {"start": "2022", "end": "2024-09-20"}
    messages = [{"direction": "received", "sent_at": "2023-05"}] * 150
    known = {"account_id": "A", "complete": ["premium", "messages", "permissions"]}
    history = AccountHistory.model_validate(known | {"premium": [premium], "messages": messages})
    visit.resume(SelfCheck.start().begin(history).saved)
    while not (button := visit.button("Show the next 50")).count():
        visit.press("I don't know")
    row, mouse = visit.page.locator(".choice label").first, visit.page.mouse

    def press(what: Any, count: int) -> None:
        what.hover()
        mouse.down(click_count=count)
        mouse.up(click_count=count)

    press(button, 1)
    visit.page.get_by_text("Shown: 51 to 100").wait_for()
    press(row, 2)
    assert visit.rested().page.locator("input[name=tick]:checked").count() == 0
    for count in (1, 2):  # whoever means it ticks it, and may take it back at once
        press(row, count)
        assert visit.page.locator("input[name=tick]:checked").count() == count % 2
    assert visit.page.evaluate(TAPS) == [0, 1]


#: Two taps that the browser counts as one each, as on some telephones; and how many boxes are then
#: ticked, and after one more that comes later.
TAPS = """async () => {
  const later = (time) => new Promise((done) => setTimeout(done, time));
  const tap = (css) => {
    const on = {bubbles: true, cancelable: true, detail: 1, pointerType: "touch"};
    const what = document.querySelector(css);
    for (const kind of ["pointerdown", "click"]) what.dispatchEvent(new PointerEvent(kind, on));
    return document.querySelectorAll("input[name=tick]:checked").length;
  };
  await later(500);
  const came = new Promise((done) => new MutationObserver(done).observe(main, {childList: true}));
  tap("button[value=later]");
  await came;
  const soon = tap("input[name=tick]");
  await later(500);
  return [soon, tap("input[name=tick]")];
}"""


#: What the progress says, each time that it says something else.
LISTEN = """() => {
  window.told = [];
  const progress = document.getElementById("progress");
  const listen = new MutationObserver(() => window.told.push(progress.textContent));
  listen.observe(progress, {childList: true});
}"""
#: Reads a byte of the file that was chosen: from then on the browser holds to when it was changed.
READ = "document.querySelector('input[name=archive]').files[0].slice(0, 1).text()"


def test_a_large_archive_is_read_with_its_progress_and_one_that_is_refused_in_plain_words(
    visit: Visit, tmp_path: Path
) -> None:
    large = large_archive(tmp_path, 3_000)
    visit.page.evaluate(LISTEN)
    visit.upload("archive", large, "Start with my export")
    assert "3,000 messages" in visit.words
    told = visit.page.evaluate("window.told")
    parts = [int(part) for each in told for part in re.findall(r"Reading the file: (\d+)%", each)]
    assert len(parts) > 1
    assert parts == sorted(parts)
    assert parts[-1] <= 100
    assert visit.page.locator("#progress").inner_text() == ""
    with ZipFile(tmp_path / "up.zip", "w") as up:
        up.writestr("../../up.csv", "")
    visit.start_again().upload("archive", tmp_path / "up.zip", "Start with my export")
    assert "is not built as a LinkedIn export is" in visit.page.get_by_role("alert").inner_text()
    visit.page.locator("input[name=archive]").set_input_files(large)
    visit.page.evaluate(READ)  # a busy browser may take note of the file after it was changed
    os.utime(large, (0, 0))  # it changed since it was chosen
    visit.press("Start with my export")
    assert "browser could not read the file" in visit.page.get_by_role("alert").inner_text()
    assert visit.press("Start without it").heading != RESULT  # Python goes on
    assert visit.errors == []


def large_archive(folder: Path, messages: int = 40_000) -> Path:
    """An export that takes seconds to read: each message is a letter."""
    head = "CONVERSATION ID,FROM,TO,DATE,CONTENT\n"
    row = "c{0},A,B,2023-05-04 10:{1:02}:00 UTC,{0}" + "x" * 2_000 + "\n"
    file = folder / f"{messages}.zip"
    with ZipFile(file, "w", ZIP_STORED) as packed, packed.open("messages.csv", "w") as table:
        table.write(head.encode())
        for n in range(messages):
            table.write(row.format(n, n % 60).encode())
    return file


def test_reading_can_be_stopped_and_nothing_that_was_read_counts(
    visit: Visit, tmp_path: Path
) -> None:
    keys, progress = visit.page.keyboard, visit.page.locator("#progress")
    visit.page.locator("input[name=archive]").set_input_files(large_archive(tmp_path))
    visit.button("Start with my export").click()
    visit.button("Stop reading").wait_for()
    assert visit.page.evaluate("document.activeElement.innerText") == "Reading your file"
    visit.page.wait_for_function("document.getElementById('progress').innerText.includes('%')")
    keys.press("Tab")
    keys.press("Enter")
    assert visit.rested().heading == "Check whether you fit the description"
    assert visit.page.evaluate("document.activeElement.localName") == "h1"
    assert "stopped" in progress.inner_text()
    assert "a few seconds to get ready again" in progress.inner_text()
    assert visit.button("Stop reading").count() == 0
    assert visit.page.locator("input[name=archive]").input_value() == ""
    visit.press("Start without it")  # the library begins anew, and this waits for it
    assert progress.inner_text() == ""
    assert visit.heading.startswith("Did you have LinkedIn Premium at any time")
    assert "Read from your archive" not in visit.words
    visit.page.go_back()  # an entry of before leads to no question of before
    visit.page.get_by_role("heading", name="Check whether you fit").wait_for()
    visit.rested().upload("archive", EXPORT, "Start with my export")
    assert "4 messages, 2 receipts" in visit.words
    assert visit.errors == []


def test_the_browsers_own_back_stops_the_reading(visit: Visit, tmp_path: Path) -> None:
    visit.page.locator("input[name=archive]").set_input_files(large_archive(tmp_path))
    visit.button("Start with my export").click()
    visit.button("Stop reading").wait_for()
    visit.page.go_back()
    assert visit.rested().heading == "Check whether you fit the description"
    assert "stopped" in visit.page.locator("#progress").inner_text()
    visit.upload("archive", EXPORT, "Start with my export")
    assert "4 messages, 2 receipts" in visit.words
    question = visit.press("Start again").press("Keep what I said").heading
    visit.page.go_back()
    visit.page.get_by_role("heading", name="Do you want to start again?").wait_for()
    visit.page.go_back()
    visit.page.get_by_role("heading", name=question).wait_for()
    visit.page.go_back()  # to where the file was chosen: where it was read is no step
    visit.page.get_by_role("heading", name="Check whether you fit").wait_for()
    assert visit.errors == []


def test_what_waits_for_the_page_to_get_ready_can_be_stopped_as_well(
    opened: Any, page_file: Path
) -> None:
    with opened(page_file.as_uri(), offline=True) as visit:
        visit.page.locator("input[name=archive]").set_input_files(EXPORT)
        visit.button("Start with my export").click()
        visit.button("Stop reading").click()
        visit.wait_until_ready()
        assert visit.heading == "Check whether you fit the description"
        visit.upload("archive", EXPORT, "Start with my export")
        assert "4 messages, 2 receipts" in visit.words


def test_what_does_not_fit_is_said_where_it_is_read_out(visit: Visit) -> None:
    visit.press("Start with my export")  # and no file is chosen
    summary = visit.page.get_by_role("alert")
    assert "Choose the file first." in summary.inner_text()
    assert visit.page.evaluate("document.activeElement.id") == "errors"
    assert visit.page.title().startswith("Error: ")
    field = visit.page.locator("input[name=archive]")
    assert field.get_attribute("aria-invalid") == "true"
    assert "Choose the file first." in described(visit, field.get_attribute("aria-describedby"))


def described(visit: Visit, ids: str | None) -> str:
    return " ".join(visit.page.locator(f"#{each}").inner_text() for each in (ids or "").split())


def test_an_error_changes_no_answer_but_says_what_is_missing(visit: Visit) -> None:
    weight = "getComputedStyle(document.querySelector('.choice label')).fontWeight"
    before = visit.press("Start without it").page.evaluate(weight)
    assert visit.press("Continue").page.locator(".bad").count() == 1
    assert visit.page.evaluate(weight) == before


def test_a_file_that_would_end_a_parser_is_refused_and_the_page_goes_on(visit: Visit) -> None:
    for text in ("[" * 100_000, '{"interview":' * 100_000):
        visit.resume(text)
        assert "is not a file of answers" in visit.page.get_by_role("alert").inner_text()
    assert visit.press("Start without it").choose("No").heading == RESULT
    assert visit.errors == []


def test_without_javascript_that_is_the_first_thing_to_be_read(
    opened: Any, page_file: Path
) -> None:
    with opened(page_file.as_uri(), java_script_enabled=False) as visit:
        assert visit.page.locator("h1, h2").first.inner_text() == "This page needs JavaScript"
        visit.page.set_viewport_size({"width": 360, "height": 800})
        box = visit.page.locator(".errors").bounding_box()
        assert box
        assert box["x"] == 360 - box["x"] - box["width"] == 16


def test_the_keyboard_is_enough_and_the_focus_is_seen(visit: Visit) -> None:
    keys = visit.page.keyboard

    def to(text: str) -> None:
        """Go on by Tab to what bears these words."""
        for _ in range(40):
            keys.press("Tab")
            found = visit.page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e); return ["
                "e.labels?.[0]?.innerText ?? e.innerText, s.outlineStyle, s.outlineWidth] })()"
            )
            assert found[1] != "none", found
            assert found[2] != "0px", found
            if found[0] == text:
                return
        raise AssertionError(text)

    to("Start without it")
    keys.press("Enter")
    visit.rested()
    assert visit.page.evaluate("document.activeElement.localName") == "h1"
    to("Yes")
    keys.press("ArrowDown")
    keys.press("Enter")  # the form is sent as by its first button
    visit.rested()
    assert visit.heading == RESULT
    assert visit.page.evaluate("document.activeElement.innerText") == RESULT
    assert visit.page.title() == RESULT


#: Somebody who meets every kind of question.
CURIOUS = {"says": {"at any time": "yes", "begin": "on March 2021", "InMail": "yes"}}


def screens(visit: Visit, most: int = 9) -> Any:
    """Every kind of screen, one after the other."""
    yield visit.start_again()
    yield visit.press("Start with my export")
    yield visit.start_again().upload("archive", EXPORT, "Start with my export")
    for _ in range(most):
        if visit.heading == RESULT:
            break
        yield visit.say(CURIOUS)
    yield visit.press("Start again")
    yield visit.press("Delete it and start again").press("Start without it")
    for _ in range(most):
        if visit.heading == RESULT:
            break
        yield visit.say(CURIOUS)
    yield visit.start_again().press("Start without it").choose("No")
    yield visit.press("Show each point and its source")
    yield visit.press("Show what each reading would say")


def test_axe_finds_nothing_on_any_screen_in_light_and_dark(visit: Visit, axe: str) -> None:
    visit.page.evaluate(axe)
    for _ in screens(visit):
        for colours in ("light", "dark"):
            visit.page.emulate_media(color_scheme=colours, reduced_motion="reduce")
            found = visit.page.evaluate("axe.run({resultTypes: ['violations']})")
            wrong = [
                (each["id"], [node["html"] for node in each["nodes"]])
                for each in found["violations"]
            ]
            assert len(found["passes"]) > 10
            assert wrong == [], visit.heading
    visit.page.emulate_media(color_scheme="light", reduced_motion="no-preference")


def test_nothing_runs_over_on_a_narrow_screen_or_when_zoomed(visit: Visit) -> None:
    """320 px is a small phone, and 1,280 px at 400 %; 640 px is 1,280 px at 200 %."""
    for _ in screens(visit):
        for width, text in ((320, "100%"), (640, "100%"), (640, "200%")):
            visit.page.set_viewport_size({"width": width, "height": 600})
            visit.page.evaluate(f"document.documentElement.style.fontSize = '{text}'")
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
            assert visit.page.evaluate(SMALL_TARGETS) == [], visit.heading
        visit.page.evaluate("document.documentElement.style.fontSize = ''")


#: What is pressed is 24 px wide and high, but for links within a text (WCAG 2.2, 2.5.8).
SMALL_TARGETS = """[...document.querySelectorAll("button, input, summary, main a, footer a")]
  .filter((each) => each.checkVisibility() && !each.closest("p, li"))
  .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([html]) => html)"""


def test_whoever_wants_no_motion_gets_none_and_whoever_wants_dark_gets_dark(visit: Visit) -> None:
    def style(name: str) -> str:
        found: str = visit.page.evaluate(f"getComputedStyle(document.documentElement).{name}")
        return found

    ground = "getComputedStyle(document.body).backgroundColor"
    light = visit.page.evaluate(ground)
    visit.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    dark = visit.page.evaluate(ground)
    assert light != dark
    assert style("scrollBehavior") == "auto"
    visit.press("Start without it")
    assert visit.page.evaluate("document.getAnimations().length") == 0
    visit.page.emulate_media(color_scheme="light", reduced_motion="no-preference")


def test_nothing_is_kept_and_nothing_was_asked_of_anybody(visit: Visit) -> None:
    visit.press("Start without it").choose("Yes")
    kept = "[document.cookie, localStorage.length, sessionStorage.length, indexedDB.databases]"
    assert visit.page.evaluate(f"(() => {kept}.slice(0, 3))()") == ["", 0, 0]
    assert visit.page.evaluate("indexedDB.databases().then((found) => found.length)") == 0
    addresses = {each.partition(":")[0] for each in visit.requests}
    assert addresses <= {"file", "blob", "data"}


def test_once_python_has_ended_the_page_says_so_and_decides_nothing(visit: Visit) -> None:
    """It might go on in a state that nobody knows. It stands last: the page is of no use then."""
    question = visit.press("Start without it").heading
    fault = "try { visit.send('['.repeat(100_000), '{}') } catch (error) { String(error) }"
    assert "RangeError" in visit.page.workers[0].evaluate(fault)
    visit.press("I don't know")
    assert "has stopped" in visit.page.locator("#progress").inner_text()
    assert visit.heading == question
    assert not visit.page.evaluate("holds")
