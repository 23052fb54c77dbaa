#!/usr/bin/env python3
"""Opens a page of `xenwidth audit --format html` in headless Chromium and uses it as a reader would.

    check-map.py PAGE [--screenshots DIRECTORY]

Prints a line for what is wrong and ends with 1, or ends with 0. Ends with 77 where there is no Chromium.
"""
import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time


class Browser:
    """Chromium behind its DevTools protocol, through pipes: no port, no other package."""

    def __init__(self, program, profile):
        to_child, self.output = os.pipe()
        self.input, from_child = os.pipe()

        def connect():
            # 3 and 4 may be among the pipe's own numbers.
            one, other = os.dup(to_child), os.dup(from_child)
            os.dup2(one, 3)
            os.dup2(other, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--user-data-dir=" + profile, "--window-size=1280,900", "--remote-debugging-pipe"],
            preexec_fn=connect, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_child)
        os.close(from_child)
        self.number, self.rest, self.events, self.session = 0, b"", [], None

    def receive(self):
        while b"\0" not in self.rest:
            part = os.read(self.input, 1 << 20)
            if not part:
                raise SystemExit("Chromium ended")
            self.rest += part
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.output, json.dumps(request).encode() + b"\0")
        while True:
            message = self.receive()
            if message.get("id") == self.number:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def evaluate(self, expression):
        # Done by the debugger, so the page's policy does not apply to it.
        outcome = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in outcome:
            raise SystemExit(f"{expression}: {outcome['exceptionDetails']}")
        return outcome["result"].get("value")

    def key(self, key, code=None, text=None):
        for kind in ["keyDown", "keyUp"]:
            parameters = {"type": kind, "key": key, "code": code or key}
            if text and kind == "keyDown":
                parameters["text"] = text
            self.call("Input.dispatchKeyEvent", **parameters)

    def close(self):
        self.process.kill()
        self.process.wait()


def check(browser, page, screenshots):
    problems = []

    def expect(condition, text):
        if not condition:
            problems.append(text)

    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ["Page", "Runtime", "Network", "Log"]:
        browser.call(domain + ".enable")
    # The best of some: the machine may have other work to do.
    load = elapsed = float("inf")
    for _ in range(5):
        start = time.monotonic()
        browser.call("Page.navigate", url=page.as_uri())
        while browser.evaluate("document.readyState") != "complete":
            time.sleep(0.01)
        elapsed = min(elapsed, time.monotonic() - start)
        load = min(load, browser.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") or load)
        if load < 1000:
            break
    rows = browser.evaluate("JSON.parse(document.getElementById('data').textContent).rows.length")
    print(f"{rows} rows opened in {load:.0f} ms (seen from outside: {elapsed:.2f} s)")
    expect(load < 1000 or rows > 1500, f"{rows} rows took {load:.0f} ms to open")

    # Content: nothing but the page's own elements, whatever names the tree has.
    allowed = ("html head meta title style body header h1 h2 h3 p noscript div label input fieldset legend span button "
               "main table caption thead tbody tr th td aside script dl dt dd ol li code br pre section").split()
    names = "[...new Set([...document.querySelectorAll('*')].map(e => e.localName))]"
    expect(set(browser.evaluate(names)) <= set(allowed), f"unexpected elements: {browser.evaluate(names)}")
    expect(browser.evaluate("document.querySelectorAll('script').length") == 2, "more scripts than the page's own")
    hypercalls = browser.evaluate("document.querySelectorAll('tbody').length")
    expect(hypercalls > 0, "the table is empty")
    expect(browser.evaluate("document.querySelectorAll('tr.sub:not([hidden])').length") == 0, "not folded at first")

    # Keyboard: unfold the first hypercall, go to a cell, open it, close it.
    browser.evaluate("document.querySelector('.fold').focus()")
    browser.key("Enter", text="\r")
    expect(browser.evaluate("document.querySelectorAll('tr.sub:not([hidden])').length") > 0, "Enter does not unfold")
    browser.key("ArrowRight")
    for _ in range(8):
        if browser.evaluate("document.activeElement.matches('.cell')"):
            break
        browser.key("ArrowDown")
    expect(browser.evaluate("document.activeElement.matches('.cell')"), "arrow keys reach no cell")
    browser.key("Enter", text="\r")
    expect(browser.evaluate("!document.getElementById('details').hidden"), "Enter opens no details")
    expect(browser.evaluate("document.activeElement.id") == "details", "the details have no focus")
    browser.key("Escape")
    expect(browser.evaluate("document.getElementById('details').hidden"), "Escape does not close the details")
    expect(browser.evaluate("document.activeElement.matches('.cell')"), "the focus did not return to the cell")

    # Search: what is written is searched for, and its rows come into sight.
    browser.key("/", "Slash", "/")
    expect(browser.evaluate("document.activeElement.id") == "search", "/ does not lead to the search")
    word = browser.evaluate("document.querySelector('tr.sub').dataset.text.split(' ').pop()")
    browser.call("Input.insertText", text=word)
    shown = browser.evaluate("[...document.querySelectorAll('tr.sub:not([hidden])')].map(r => r.dataset.text)")
    expect(shown and all(word in text for text in shown), f"the search for {word!r} shows {shown}")
    browser.evaluate("search = document.getElementById('search'); search.value = 'no such thing';"
                     "search.dispatchEvent(new Event('input'))")
    expect(browser.evaluate("document.querySelectorAll('tbody:not([hidden])').length") == 0, "the search hides nothing")
    browser.evaluate("search.value = ''; search.dispatchEvent(new Event('input'))")
    browser.evaluate("document.querySelectorAll('input[name=verdict]').forEach((b, i) => { if (i) b.click() })")
    first = browser.evaluate("document.querySelector('input[name=verdict]').value")
    expect(browser.evaluate("[...document.querySelectorAll('tr.sub:not([hidden])')]"
                            f".every(r => r.dataset.verdicts.split(' ').includes('{first}'))"), "the filter lets others pass")

    # Every detail can be opened.
    count = browser.evaluate("[...document.querySelectorAll('.cell')].map(c => c.click()).length")
    expect(count > 0 and browser.evaluate("document.querySelectorAll('aside h2').length") > 0, "cells do not open")
    expect(set(browser.evaluate(names)) <= set(allowed), "details brought markup into the page")

    # Beside the details the table must stay in its column: neither may lie on the other.
    beside = browser.evaluate("""(() => {
        const [map, details] = ["map", "details"].map(id => document.getElementById(id).getBoundingClientRect());
        const hidden = getComputedStyle(document.getElementById("map")).overflowX != "visible";
        const right = hidden ? map.right : document.querySelector("table").getBoundingClientRect().right;
        return details.top >= map.bottom || right <= details.left + 1;
    })()""")
    expect(beside, "the table and the details lie on one another")

    for event in browser.events:
        method, parameters = event.get("method", ""), event.get("params", {})
        if method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith(page.as_uri()):
            problems.append(f"a request: {parameters['request']['url'][:200]}")
        if method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            problems.append(f"console: {json.dumps(parameters)[:400]}")
    expect(browser.evaluate("window.injected === undefined"), "a name of the tree was run")

    for theme in ["light", "dark"] if screenshots else []:
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
        browser.evaluate("scrollTo(0, 0)")
        image = browser.call("Page.captureScreenshot", format="png")["data"]
        (screenshots / f"{theme}.png").write_bytes(base64.b64decode(image))
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--screenshots", type=pathlib.Path)
    arguments = parser.parse_args()
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if not program:
        print("no chromium")
        return 77
    # It starts programs of its own, which may still write when it is gone.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            problems = check(browser, arguments.page.resolve(), arguments.screenshots)
        finally:
            browser.close()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
