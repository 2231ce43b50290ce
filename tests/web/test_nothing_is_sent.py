"""The page cannot send in the background: every way to send is tried, and a server listens.

Each test has its control: the same tries from the same page without its policy, or without its
shell, must be seen by the server, so that it is the page that stops them and nothing else.
"""

import re
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import attrs
import pytest

#: Ways to send that a policy speaks of, as scripts of `to`, where a server listens.
WAYS: Final = {
    "fetch": "fetch(to, {method: 'POST', mode: 'no-cors', body: 'x'}).catch(() => {})",
    "xhr": "const x = new XMLHttpRequest(); x.open('POST', to); x.send('x')",
    "beacon": "navigator.sendBeacon(to, 'x')",
    "websocket": "new WebSocket(to.replace('http', 'ws'))",
    "events": "new EventSource(to)",
    "image": "new Image().src = to",
    "script": "add('script', {src: to})",
    "module": "import(to).catch(() => {})",
    "style": "add('link', {rel: 'stylesheet', href: to})",
    "prefetch": "add('link', {rel: 'prefetch', href: to})",
    "preload": "add('link', {rel: 'preload', as: 'image', href: to})",
    "frame": "add('iframe', {src: to})",
    "object": "add('object', {data: to})",
    "video": "add('video', {src: to})",
    "background": "add('p', {}).style.backgroundImage = `url(${to})`",
    "form": "const f = add('form', {action: to, method: 'post', target: add('iframe', "
    "{name: 'hole'}).name}); HTMLFormElement.prototype.submit.call(f)",
    "worker-fetch": "inWorker(`fetch('${to}', {mode: 'no-cors'})`)",
    "worker-xhr": "inWorker(`const x = new XMLHttpRequest(); x.open('GET', '${to}'); x.send()`)",
    "worker-socket": "inWorker(`new WebSocket('${to.replace('http', 'ws')}')`)",
    "worker-import": "inWorker(`importScripts('${to}')`)",
}
#: Ways that no policy speaks of: the shell stops them.
OTHER_WAYS: Final = {
    "webrtc": "const p = window.kept = new RTCPeerConnection({iceServers: [{urls: stun}]}); "
    "p.createDataChannel('x'); p.createOffer().then((o) => p.setLocalDescription(o))",
    "window": "open(to)",
}
#: Ways to take the page itself elsewhere; each ends the page where nothing stops it.
AWAY: Final = {
    "location": "location.href = to",
    "refresh": "add('meta', {httpEquiv: 'refresh', content: `0; url=${to}`})",
    "link": "add('a', {href: to}).click()",
}
TOOLS: Final = """
const add = (name, given) =>
  document.body.appendChild(Object.assign(document.createElement(name), given));
const inWorker = (source) => new Worker(URL.createObjectURL(new Blob([source])));
"""
POLICY: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
SHELL: Final = re.compile(rb"<script>.*?</script>", re.DOTALL)


@attrs.define
class Listener:
    """A server on this machine that writes down which of the ways reached it."""

    address: str
    stun: str
    seen: set[str]
    datagrams: socket.socket

    def heard(self) -> set[str]:
        try:
            self.datagrams.recv(100)
        except TimeoutError:
            return self.seen
        self.seen.add("webrtc")  # few are sent, and then none
        return self.seen


@pytest.fixture
def listener() -> Iterator[Listener]:
    seen: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.add(self.path.strip("/"))
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that the server calls

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(("127.0.0.1", 0))
        datagrams.settimeout(0.2)
        stun = f"stun:127.0.0.1:{datagrams.getsockname()[1]}"
        yield Listener(f"http://127.0.0.1:{server.server_port}/", stun, seen, datagrams)
    server.shutdown()
    server.server_close()


def tried(visit: Any, listener: Listener, ways: dict[str, str], rounds: int = 6) -> set[str]:
    """Which of the ways reached the server, tried from a page; it waits so long for all of them."""
    visit.page.wait_for_load_state("domcontentloaded")  # what is tried comes after the page's own
    visit.page.mouse.click(1, 1)  # whoever reads a page has clicked somewhere
    for name, way in ways.items():
        to = f"{listener.address}{name}"
        script = f"(() => {{ const to = {to!r}, stun = {listener.stun!r}; {TOOLS} try {{ {way} }} "
        visit.page.evaluate(script + "catch (error) { return String(error) } })()")
    for _ in range(rounds):
        visit.page.wait_for_timeout(150)
        if listener.heard() >= ways.keys():
            break
    return listener.heard() & ways.keys()


@pytest.fixture(scope="module")
def bare(page_built: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The page as it is, without its policy, and without its shell too."""
    folder: Path = tmp_path_factory.mktemp("bare")
    short = re.sub(
        rb'(?s)<script type="application/octet-stream".*', b"</body></html>", page_built.content
    )
    variants = {"whole": short, "no policy": POLICY.sub(b"", short)}
    variants["nothing"] = SHELL.sub(b"", variants["no policy"])
    addresses = {}
    for name, content in variants.items():
        assert name == "whole" or content != short
        (folder / f"{name}.html").write_bytes(content)
        addresses[name] = (folder / f"{name}.html").as_uri()
    return addresses


def test_the_policy_stops_what_it_speaks_of(opened: Any, bare: Any, listener: Listener) -> None:
    with opened(bare["whole"]) as visit:
        assert tried(visit, listener, WAYS) == set()
    with opened(bare["no policy"]) as visit:
        assert tried(visit, listener, WAYS) == WAYS.keys()


def test_the_shell_stops_what_no_policy_speaks_of(
    opened: Any, bare: Any, listener: Listener
) -> None:
    with opened(bare["whole"]) as visit:
        assert tried(visit, listener, OTHER_WAYS) == set()
    with opened(bare["nothing"]) as visit:
        assert tried(visit, listener, OTHER_WAYS, 30) == OTHER_WAYS.keys()


@pytest.mark.parametrize("name", AWAY)
def test_the_page_does_not_go_elsewhere_by_itself(
    opened: Any, bare: Any, listener: Listener, name: str
) -> None:
    with opened(bare["whole"]) as visit:
        assert tried(visit, listener, {name: AWAY[name]}) == set()
        assert visit.page.url == bare["whole"]
    with opened(bare["nothing"]) as visit:
        assert tried(visit, listener, {name: AWAY[name]}) == {name}


def test_a_link_is_followed_only_by_whoever_agrees(
    opened: Any, bare: Any, listener: Listener
) -> None:
    with opened(bare["whole"]) as visit:
        asked: list[str] = []
        visit.page.on("dialog", lambda box: (asked.append(box.message), box.accept()))
        assert tried(visit, listener, {"link": AWAY["link"]}) == {"link"}
        assert len(asked) == 1
        assert listener.address in asked[0]
