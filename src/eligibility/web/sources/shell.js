"use strict";
// Carries events between the page and the library in the worker, and decides nothing.
// What somebody presses before the library is ready waits in the worker's queue.

const main = document.getElementById("main");
const progress = document.getElementById("progress");
const site = document.title;
let busy = false; // a reply is awaited
let ready = false; // the library has started
let left = false; // something was said that leaving would lose
let patience; // until whoever waits is told so

// Nothing of ours opens a connection or a window: take away what the policy does not speak of.
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport", "open"])
  Object.defineProperty(window, name, { value: undefined, writable: false, configurable: false });

// ---- leaving ------------------------------------------------------------------------------------

const here = (url) => url.split("#")[0] === location.href.split("#")[0];
const asked = (url) => confirm(`This opens another page:\n\n${url}\n\nNothing that you said here goes with you.`);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.protocol === "blob:" || here(link.href)) return;
  event.preventDefault(); // the one way out, and only for whoever agrees
  if (asked(link.href)) leave(link.href);
});

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
  if (left) event.preventDefault();
});

// ---- what is pressed ----------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (busy) return;
  const data = new FormData(event.target, event.submitter);
  const fields = {};
  const files = {};
  for (const [name, value] of data) {
    if (typeof value === "string") (fields[name] ??= []).push(value);
    else if (value.name) files[name] = value;
  }
  ask({ kind: "send", fields, files });
});

window.addEventListener("popstate", (event) => ask({ kind: "go", at: event.state?.at ?? 0 }));

function ask(message) {
  busy = true;
  main.setAttribute("aria-busy", "true");
  if (ready) patience = setTimeout(() => say("Please wait."), 400);
  else say("Noted. The page is still getting ready; this goes on by itself.");
  worker.postMessage(message);
}

// ---- what the library answers -------------------------------------------------------------------

const heard = {
  started() {
    ready = true;
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
    if (!busy) say("");
  },
  progress({ part }) {
    say(`Reading the file: ${Math.round(part * 100)} %`);
  },
  screen({ html, title, at, moved }) {
    const body = document.createElement("template");
    body.innerHTML = html;
    for (const each of body.content.querySelectorAll("meta, link, base, iframe, object, embed, script")) each.remove();
    main.replaceChildren(body.content);
    document.title = title || site;
    if (moved) history.pushState({ at }, "");
    left = at > 0;
    rest();
    const first = main.querySelector("[autofocus]") ?? main.querySelector("h1") ?? main;
    if (first.matches("h1, main")) first.setAttribute("tabindex", "-1");
    first.focus();
    if (first.localName === "h1" || first === main) window.scrollTo(0, 0);
  },
  download({ name, type, bytes }) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    rest();
    say(`Saved: ${name}`);
  },
  failed({ words }) {
    rest();
    say(`Something went wrong, and nothing was lost that you had saved. Reload the page to begin again. (${words})`);
  },
};

function rest() {
  busy = false;
  clearTimeout(patience);
  main.removeAttribute("aria-busy");
  say("");
}

function say(words) {
  progress.textContent = words;
}

// ---- the worker ---------------------------------------------------------------------------------

const text = (id) => document.getElementById(id).textContent;
let worker = { waiting: [], postMessage(message) { this.waiting.push(message); } };

document.addEventListener("DOMContentLoaded", () => {
  const source = URL.createObjectURL(new Blob([text("worker")], { type: "text/javascript" }));
  const { waiting } = worker;
  worker = new Worker(source);
  worker.onmessage = ({ data }) => heard[data.kind](data);
  worker.onerror = (event) => heard.failed({ words: event.message });
  const inputs = JSON.parse(text("inputs"));
  const parts = {};
  for (const name of inputs.parts) {
    parts[name] = text(name);
    document.getElementById(name).remove();
  }
  worker.postMessage({ kind: "start", inputs, parts });
  for (const message of waiting) worker.postMessage(message);
});
