// Runs a Python program in the runtime of the built page, under Node: FOLDER PROGRAM ARGUMENTS...
import { pathToFileURL } from "node:url";

const [folder, program, ...given] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/package/pyodide.mjs`));
const python = await loadPyodide({ stdout: (line) => console.log(line) });
for (const [at, path] of [["/site", `${folder}/site`], ["/given", `${folder}/given`]]) {
  python.FS.mkdirTree(at);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: path }, at);
}
python.globals.set("given", python.toPy([program, ...given]));
try {
  python.runPython(`
import runpy, sys
sys.path[:0] = ["/site", "/given"]
sys.argv = list(given)
runpy.run_path("/given/" + given[0], run_name="__main__")
`);
} catch (error) {
  console.error(error.message); // Node itself would quote the whole runtime
  process.exit(1);
}
