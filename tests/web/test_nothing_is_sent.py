"""The page cannot send in the background: every way to send is tried, and a server listens.

Each test has its control: the same tries from the same page without its policy, or without its
shell, must be seen by the server, so that it is the page that stops them and nothing else.
"""

import re
import socket
from collections.abc import Collection, Iterator
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import attrs
import pytest

#: Ways to send that a policy speaks of, as scripts of `to`, where a server listens.
WAYS: Final = {
    "fetch": "fetch(to, {method: 'POST', mode: 'no-cors', body: 'x'}).catch(() => {})",
    "fetch-kept-alive": "fetch(to, {keepalive: true, mode: 'no-cors'}).catch(() => {})",
    "fetch-later": "fetchLater(to, {activateAfter: 0})",
    "cache": "caches.open('x').then((cache) => cache.add(to)).catch(() => {})",
    "xhr": "const x = new XMLHttpRequest(); x.open('POST', to); x.send('x')",
    "beacon": "navigator.sendBeacon(to, 'x')",
    "websocket": "new WebSocket(to.replace('http', 'ws'))",
    "websocket-stream": "new WebSocketStream(to.replace('http', 'ws')).opened.catch(() => {})",
    "events": "new EventSource(to)",
    "image": "new Image().src = to",
    "script": "add('script', {src: to})",
    "module": "import(to).catch(() => {})",
    "worklet": "CSS.paintWorklet.addModule(to).catch(() => {})",
    "style": "add('link', {rel: 'stylesheet', href: to})",
    "import": "add('style', {textContent: `@import url(${to})`})",
    "prefetch": "add('link', {rel: 'prefetch', href: to})",
    "preload": "add('link', {rel: 'preload', as: 'image', href: to})",
    "module-preload": "add('link', {rel: 'modulepreload', href: to})",
    "speculation": "add('script', {type: 'speculationrules', "
    "textContent: JSON.stringify({prefetch: [{urls: [to]}]})})",
    "frame": "add('iframe', {src: to})",
    "frame-within": "add('iframe', {srcdoc: `<img src=${to}>`})",
    "frame-of-data": "add('iframe', {src: `data:text/html,<img src=${to}>`})",
    "frame-script": "new (add('iframe', {}).contentWindow.Image)().src = to",
    "object": "add('object', {data: to})",
    "video": "add('video', {src: to})",
    "background": "add('p', {}).style.backgroundImage = `url(${to})`",
    "font": "const f = new FontFace('f', `url(${to})`); document.fonts.add(f); "
    "f.load().catch(() => {})",
    "sheet": "const s = new CSSStyleSheet(); s.replaceSync(`p { list-style: url(${to}) }`); "
    "document.adoptedStyleSheets = [s]; add('p', {}).style.display = 'list-item'",
    "form": "const f = add('form', {action: to, method: 'post', target: add('iframe', "
    "{name: 'hole'}).name}); HTMLFormElement.prototype.submit.call(f)",
    "worker-fetch": "inWorker(`fetch('${to}', {mode: 'no-cors'})`)",
    "worker-xhr": "inWorker(`const x = new XMLHttpRequest(); x.open('GET', '${to}'); x.send()`)",
    "worker-socket": "inWorker(`new WebSocket('${to.replace('http', 'ws')}')`)",
    "worker-events": "inWorker(`new EventSource('${to}')`)",
    "worker-cache": "inWorker(`caches.open('y').then((cache) => cache.add('${to}'))`)",
    "worker-font": "inWorker(`const f = new FontFace('f', 'url(${to})'); fonts.add(f); f.load()`)",
    "worker-transport": "inWorker(`new WebTransport('https://127.0.0.1:${port}/')`)",
    "worker-import": "inWorker(`importScripts('${to}')`)",
    "worker-of-worker": "inWorker(`new Worker(URL.createObjectURL(new Blob("
    "[\"fetch('${to}', {mode: 'no-cors'})\"])))`)",
}
#: Ways that the shell stops, most of which no policy speaks of.
OTHER_WAYS: Final = {
    "ping": "add('a', {href: '#main', ping: to}).click()",
    "webrtc": "const p = window.kept = new RTCPeerConnection({iceServers: "
    "[{urls: `stun:127.0.0.1:${port}`}]}); "
    "p.createDataChannel('x'); p.createOffer().then((o) => p.setLocalDescription(o))",
    "transport": "new WebTransport(`https://127.0.0.1:${port}/`).ready.catch(() => {})",
    "window": "open(to)",
}
#: Ways that send a datagram, and no request: each to a port of its own.
DATAGRAMS: Final = ("webrtc", "transport", "worker-transport")
#: Ways to have HTML send, by where it leads.
MARKUP: Final = {
    "image": '<img src="{}">',
    "set": '<img srcset="{} 1x">',
    "sheet": '<link rel="stylesheet" href="{}">',
    "preload": '<link rel="preload" as="image" href="{}">',
    "within": "<style>@import url({})</style>",
    "style": '<p style="background: url({})">x</p>',
    "frame": '<iframe src="{}"></iframe>',
    "frame-within": "<iframe srcdoc='<img src=\"{}\">'></iframe>",
    "object": '<object data="{}"></object>',
    "embed": '<embed type="text/html" src="{}">',
    "video": '<video src="{}"></video>',
    "poster": '<video poster="{}"></video>',
    "picture": '<svg><image href="{}" width="9" height="9" /></svg>',
    "button": '<input type="image" src="{}">',
    "cell": '<table><tr><td background="{}">x</td></tr></table>',
    "handler": '<img src="data:," onerror="new Image().src = \'{}\'">',
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
    seen: set[str]
    datagrams: dict[str, socket.socket]

    def port(self, name: str) -> int:
        """Where the datagrams of a way are awaited; that of none where none is."""
        at = self.datagrams.get(name)
        return at.getsockname()[1] if at else 9

    def heard(self) -> set[str]:
        for name, at in self.datagrams.items():
            with suppress(BlockingIOError):
                at.recv(100)
                self.seen.add(name)  # few are sent, and then none
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
    with ExitStack() as stack:
        datagrams = {}
        for name in DATAGRAMS:
            at = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            at.bind(("127.0.0.1", 0))
            at.setblocking(False)
            datagrams[name] = at
        yield Listener(f"http://127.0.0.1:{server.server_port}/", seen, datagrams)
    server.shutdown()
    server.server_close()


def tried(visit: Any, listener: Listener, ways: dict[str, str], rounds: int = 6) -> set[str]:
    """Which of the ways reached the server, tried from a page; it waits so long for all of them."""
    begun(visit)
    for name, way in ways.items():
        given = f"to = '{listener.address}{name}', port = {listener.port(name)}"
        script = f"(() => {{ const {given}; {TOOLS} try {{ {way} }} "
        visit.page.evaluate(script + "catch (error) { return String(error) } })()")
    return reached(visit, listener, ways.keys(), rounds)


def begun(visit: Any) -> None:
    visit.page.wait_for_load_state("domcontentloaded")  # what is tried comes after the page's own
    visit.page.mouse.click(1, 1)  # whoever reads a page has clicked somewhere


def reached(visit: Any, listener: Listener, ways: Collection[str], rounds: int) -> set[str]:
    for _ in range(rounds):
        visit.page.wait_for_timeout(150)
        if listener.heard() >= set(ways):
            break
    return listener.heard() & set(ways)


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
        assert tried(visit, listener, WAYS, 30) == WAYS.keys()


def test_the_shell_stops_what_no_policy_speaks_of(
    opened: Any, bare: Any, listener: Listener
) -> None:
    with opened(bare["whole"]) as visit:
        assert tried(visit, listener, OTHER_WAYS) == set()
    with opened(bare["nothing"]) as visit:
        assert tried(visit, listener, OTHER_WAYS, 30) == OTHER_WAYS.keys()


def test_what_is_rendered_cannot_send_whatever_it_holds(
    opened: Any, bare: Any, listener: Listener
) -> None:
    """Not even what Python would have made of a definition that somebody else wrote."""
    html = "".join(way.replace("{}", f"{listener.address}{name}") for name, way in MARKUP.items())
    with opened(bare["whole"]) as visit:
        begun(visit)
        shown = "html => heard.screen({html, title: '', at: 0, moved: false, holds: false})"
        visit.page.evaluate(shown, html)
        assert reached(visit, listener, MARKUP, 4) == set()
        assert visit.page.locator("main p").inner_text() == "x"
        assert visit.page.locator("main :is(link, iframe)").count() == 0
    with opened(bare["nothing"]) as visit:
        begun(visit)
        visit.page.evaluate("html => { document.body.innerHTML = html }", html)
        assert reached(visit, listener, MARKUP, 30) == MARKUP.keys()


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
        begun(visit)
        asked: list[str] = []
        visit.page.on("dialog", lambda box: (asked.append(box.message), box.dismiss()))
        add = "url => main.insertAdjacentHTML('afterbegin', `<a href='${url}'>plain</a> "
        add += "<svg width='99' height='30'><a xlink:href='${url}' target='_blank'>"
        visit.page.evaluate(add + "<text y='20'>drawn</text></a></svg>`)", listener.address)
        for text, how in (("plain", "middle"), ("drawn", "left"), ("drawn", "middle")):
            visit.page.get_by_text(text, exact=True).click(button=how)
        assert len(asked) == 3
        assert all(listener.address in each for each in asked)
        assert len(visit.page.context.pages) == 1
    with opened(bare["whole"]) as visit:
        visit.page.on("dialog", lambda box: box.accept())
        assert tried(visit, listener, {"link": AWAY["link"]}) == {"link"}
