// `node command.mjs PACKAGE [eval CODE | run FILE | FILE] ARGS…`: a program over the npm package that behaves as a native runtime does,
// so that the same cases can be asked of both. The files of the working folder are the runtime's; an app inside gets every argument.

import { readdir, readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder, ...words] = process.argv.slice(2);
const { Runtime } = await import(pathToFileURL(`${folder}/nodejs/index.js`));

/** Every script in the working folder. */
async function scripts() {
  const files = {};
  for (const path of await readdir(".", { recursive: true })) {
    if (/\.(js|mjs|json)$/.test(path)) files[path.replaceAll("\\", "/")] = await readFile(path, "utf8");
  }
  return files;
}

const isApp = process.env.HAS_APP === "1";
const verb = isApp ? "app" : words[0] === "eval" ? words.shift() : words[0] === "run" ? words.shift() : "run";
const main = isApp ? undefined : words.shift();
const fail = (text) => {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
};
const runtime = await Runtime.create({
  stdout: (text) => process.stdout.write(`${text}\n`),
  stderr: (text) => process.stderr.write(`${text}\n`),
  onError: (error, report) => {
    fail(report);
    // As a native runtime ends with an error that nobody handles.
    runtime.dispose();
  },
  files: isApp ? {} : await scripts(),
  args: words,
});
try {
  await (verb === "eval" ? runtime.runModule(main, "<eval>") : runtime.runFile(main));
} catch (error) {
  const parts = [`Uncaught ${error.stack}`];
  if (error.code) parts.push(`code: ${error.code}`);
  if (error.cause) parts.push(`cause: ${error.cause.stack}`);
  if (error.code !== "ERR_DISPOSED") fail(parts.join("\n"));
  runtime.dispose();
}
