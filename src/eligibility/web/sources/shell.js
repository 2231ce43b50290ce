"use strict";
// Carries events between the page and the library in the worker, decides nothing, and says nothing:
// its words stand in the page. What somebody presses before the library is ready waits in the
// worker's queue.

const main = document.getElementById("main");
const progress = document.getElementById("progress");
const site = document.title;
const start = main.innerHTML;
let visit = Math.random(); // entries of the browser's history that an earlier visit left are not ours
let waiting = 0; // replies that are awaited
let ready = false; // the library has started
let holds = false; // something was said that leaving would lose
let patience; // until whoever waits is told so
let reading = null; // stands in place of the screen while a file is read

// Nothing of ours opens a connection or a window: take away what the policy does not speak of.
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "open"])
  Object.defineProperty(window, name, { value: undefined, writable: false, configurable: false });

// ---- leaving ------------------------------------------------------------------------------------

const here = (url) => url.split("#")[0] === location.href.split("#")[0];
const words = (name, what = "") => progress.dataset[name].replace("{}", () => what);

for (const pressed of ["click", "auxclick"]) document.addEventListener(pressed, follow);

function follow(event) {
  const link = event.target.closest(":any-link");
  if (!link || link.protocol === "blob:") return;
  event.preventDefault();
  const url = String(link.href?.baseVal ?? link.href); // in a picture it is an object
  if (here(url)) show(document.getElementById(new URL(url).hash.slice(1)));
  else if (confirm(words("leave", url))) leave(url); // the one way out
}

// A part of the screen that stands: it is no step, so it is none to come back to either.
function show(part) {
  if (!part) return;
  for (let each = part.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
  if (!part.matches("a, button, input, summary")) part.setAttribute("tabindex", "-1");
  part.focus();
  part.scrollIntoView();
}

let agreed = null;
function leave(url) {
  agreed = url;
  location.assign(url);
}

// Where the browser has it, this stops every other way to another address, whoever tries it.
window.navigation?.addEventListener("navigate", (event) => {
  const to = event.destination.url;
  if (event.cancelable && !event.downloadRequest && !here(to) && to !== agreed) event.preventDefault();
});

window.addEventListener("beforeunload", (event) => {
  if (holds) event.preventDefault();
});

// ---- what is pressed ----------------------------------------------------------------------------

// The second press of a double one was meant for what stood there before: on another screen it
// would tick what nobody chose. Not every browser counts taps; nobody has read a screen so soon.
// Going back is not final, and may be pressed as fast as anybody likes.
let pressed; // what stood there at the first press
let came = -Infinity; // when it came
let tapped = false; // by a finger

document.addEventListener("pointerdown", ({ pointerType }) => { tapped = pointerType === "touch"; }, true);

document.addEventListener("click", (event) => {
  const shown = main.firstElementChild;
  const soon = tapped && event.detail > 0 && performance.now() - came < 400;
  if (event.detail < 2 && !soon) pressed = shown;
  const button = event.target.closest("button");
  if (button ? !soon && event.detail < 2 || button.matches(".plain") : shown === pressed) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (waiting) return;
  const data = new FormData(event.target, event.submitter);
  const fields = {};
  const files = {};
  for (const [name, value] of data) {
    if (typeof value === "string") (fields[name] ??= []).push(value);
    else if (value.name) files[name] = value;
  }
  ask({ kind: "send", fields, files }, Object.keys(files).length ? showReading : undefined);
});

history.replaceState({ visit, at: 0 }, "");
window.addEventListener("popstate", ({ state }) => {
  if (reading) stop();
  else if (state) ask({ kind: "go", at: state.visit === visit ? state.at : 0 });
});

function ask(message, wait = () => say(words(ready ? "wait" : "noted"))) {
  waiting += 1;
  main.setAttribute("aria-busy", "true");
  clearTimeout(patience);
  patience = setTimeout(wait, 400);
  say(ready ? "" : words("noted"));
  worker.postMessage(message);
}

// ---- a file can be long -------------------------------------------------------------------------

function showReading() {
  reading = document.getElementById("reading").content.firstElementChild.cloneNode(true);
  reading.querySelector("button").addEventListener("click", () => history.back());
  main.before(reading);
  main.hidden = true;
  history.pushState(history.state, ""); // a step of its own: to go back from it is to stop
  reading.querySelector("h1").focus();
  window.scrollTo(0, 0);
}

function hideReading() {
  if (!reading) return;
  reading.remove();
  reading = null;
  main.hidden = false;
  main.focus();
}

// Whoever reads cannot be told anything: the worker is ended, with all that it has read, and
// another one starts. It knows nothing of what was said before.
function stop() {
  worker.terminate();
  waiting = 1;
  visit = Math.random();
  history.replaceState({ visit, at: 0 }, "");
  heard.screen({ html: start, title: site, holds: false });
  begin();
  say(words("stopped"));
}

// ---- what the library answers -------------------------------------------------------------------

const heard = {
  started() {
    ready = true;
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  },
  progress({ part }) {
    say(part < 1 ? words("reading", Math.floor(part * 100)) : words("read"));
  },
  screen({ html, title, at, moved, holds: isHeld }) {
    const step = reading ? "replaceState" : "pushState"; // nobody goes back to where a file was read
    rest();
    if (waiting) return; // something else was asked for since
    const body = document.createElement("template");
    body.innerHTML = html;
    for (const each of body.content.querySelectorAll("meta, link, base, iframe, object, embed, script")) each.remove();
    main.replaceChildren(body.content);
    document.title = title || site;
    if (moved && !at) visit = Math.random(); // what was before is gone
    if (moved) history[step]({ visit, at }, "");
    holds = isHeld;
    came = performance.now();
    const first = main.querySelector("[autofocus]") ?? main.querySelector("h1") ?? main;
    if (first.matches("h1, main")) first.setAttribute("tabindex", "-1");
    first.focus();
    if (first.localName === "h1" || first === main) window.scrollTo(0, 0);
  },
  download({ name, type, bytes }) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type }));
    link.download = name;
    agreed = link.href; // Firefox asks twice about it, and the second time knows of no download
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    rest();
    say(words("saved", name));
  },
  failed({ why, ended = false }) {
    rest();
    holds &&= !ended;
    say(words(!ready ? "unstarted" : ended ? "ended" : "failed", why));
  },
};

function rest() {
  waiting = Math.max(0, waiting - 1);
  if (waiting) return;
  clearTimeout(patience);
  main.removeAttribute("aria-busy");
  hideReading();
  say("");
}

function say(text) {
  if (progress.textContent !== text) progress.textContent = text; // nothing is read out twice
}

// ---- the worker ---------------------------------------------------------------------------------

const held = (id) => document.getElementById(id).textContent;
let worker = { waiting: [], postMessage(message) { this.waiting.push(message); } };
let given; // what each worker starts with

document.addEventListener("DOMContentLoaded", () => {
  const { waiting } = worker;
  const inputs = JSON.parse(held("inputs"));
  const source = URL.createObjectURL(new Blob([held("worker")], { type: "text/javascript" }));
  given = { source, start: { kind: "start", inputs, parts: {} } };
  for (const name of inputs.parts) {
    given.start.parts[name] = held(name);
    document.getElementById(name).remove();
  }
  begin();
  for (const message of waiting) worker.postMessage(message);
});

function begin() {
  ready = false;
  delete document.documentElement.dataset.ready;
  worker = new Worker(given.source);
  worker.onmessage = ({ data }) => heard[data.kind](data);
  worker.onerror = (event) => heard.failed({ why: event.message });
  worker.postMessage(given.start);
}
