"use strict";
// Starts Python in this worker out of what the page holds, and hands it what the page says.

self.importScripts = undefined; // nothing is loaded from elsewhere; and the runtime asks for this

const FOLDER = "/given";
const EIO = 29; // as WASI numbers it: an error of the device
let visit = null;
let python = null;
let started = null;
let queue = Promise.resolve(); // one thing after the other

onmessage = ({ data }) => {
  if (data.kind === "start") queue = started = start(data);
  else queue = queue.then(() => started).then(() => answer(data));
  queue = queue.catch((error) => post({ kind: "failed", why: lastLine(error), ended: hasEnded() }));
};

// After a fault that nothing can catch, the runtime refuses even to be looked at. Python may still
// answer, but who knows what.
function hasEnded() {
  try {
    return !python?.FS;
  } catch {
    return true;
  }
}

// Of a traceback what went wrong, without the way there.
const lastLine = (error) => String(error).trim().split("\n").pop().slice(0, 200);

const post = (message, moved = []) => postMessage(message, moved);

// ---- to start -----------------------------------------------------------------------------------

async function start({ inputs, parts }) {
  const runtime = files(await inflated(decoded(parts[inputs.runtime])));
  const embedded = {
    "pyodide.asm.wasm": [runtime["package/pyodide.asm.wasm"], "application/wasm"],
    "python_stdlib.zip": [runtime["package/python_stdlib.zip"], "application/zip"],
  };
  self.fetch = async (what) => {
    const name = String(what?.url ?? what).split("/").pop();
    if (!(name in embedded)) throw new TypeError(`This page holds no ${name}, and loads nothing.`);
    const [bytes, type] = embedded[name];
    return new Response(bytes, { headers: { "content-type": type } });
  };
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([
    imported(runtime["package/pyodide.mjs"]),
    imported(runtime["package/pyodide.asm.mjs"]),
  ]);
  const lock = JSON.parse(new TextDecoder().decode(runtime["package/pyodide-lock.json"]));
  python = await loadPyodide({
    createPyodideModule,
    indexURL: "embedded:///",
    stdLibURL: "embedded:///python_stdlib.zip",
    lockFileContents: { ...lock, packages: {} },
    packageBaseUrl: "embedded:///",
  });
  const extractDir = python.runPython("import site; site.getsitepackages()[0]");
  for (const name of inputs.wheels) python.unpackArchive(decoded(parts[name]), "zip", { extractDir });
  python.unpackArchive(decoded(parts[inputs.ours]), "bztar", { extractDir });
  python.FS.mkdir(FOLDER);
  countReads(python.FS.filesystems.WORKERFS);
  visit = python.pyimport("eligibility.web.visit").Visit(inputs.definition, JSON.stringify(inputs.reading));
  post({ kind: "started" });
}

function decoded(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The files of a tar: a header of 512 bytes with name and octal size, then the bytes, filled up.
function files(tar) {
  const found = {};
  const ascii = (from, to) => String.fromCharCode(...tar.subarray(from, to)).split("\0")[0];
  for (let at = 0; tar[at]; ) {
    const size = parseInt(ascii(at + 124, at + 136), 8);
    found[ascii(at, at + 100)] = tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

async function imported(bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

// ---- to answer ----------------------------------------------------------------------------------

function answer({ kind, ...said }) {
  if (hasEnded()) throw new Error("Python has ended.");
  const replies = { send, go };
  replies[kind](said);
}

function send({ fields, files }) {
  const paths = {};
  const mounted = [];
  for (const [name, file] of Object.entries(files)) {
    const folder = `${FOLDER}/${mounted.length}`;
    python.FS.mkdirTree(folder);
    // The browser reads slices of the file as Python asks for them: it is never whole in memory.
    python.FS.mount(python.FS.filesystems.WORKERFS, { files: [file] }, folder);
    mounted.push(folder);
    paths[name] = `${folder}/${file.name}`;
    reading = { size: file.size, done: 0, told: 0 };
  }
  try {
    reply(visit.send(JSON.stringify(fields), JSON.stringify(paths)));
  } finally {
    for (const folder of mounted) python.FS.unmount(folder);
    reading = null;
  }
}

function go({ at }) {
  reply(visit.go(at));
}

function reply(answered) {
  const found = answered.toJs({ dict_converter: Object.fromEntries });
  answered.destroy();
  post(found);
}

let reading = null;

// What a browser throws where a file was moved, changed or not fetched since it was chosen would end
// Python. As an error of the file system, Python says that the file cannot be read.
function whole(read) {
  try {
    return read();
  } catch (error) {
    throw error instanceof DOMException ? new python.FS.ErrnoError(EIO) : error;
  }
}

// How much of a file Python has read, told ten times a second at most.
function countReads(system) {
  const read = system.stream_ops.read;
  system.stream_ops.read = (stream, buffer, offset, length, position) => {
    const count = whole(() => read(stream, buffer, offset, length, position));
    if (reading) {
      reading.done += count;
      const now = performance.now();
      if (now - reading.told > 100) {
        reading.told = now;
        post({ kind: "progress", part: Math.min(1, reading.done / reading.size) });
      }
    }
    return count;
  };
}
