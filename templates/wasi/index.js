// For Node: runs the command as a host of WASI.

import { Worker } from "node:worker_threads";

// What a native runtime ends with when its engine met something that it cannot handle.
const BROKEN = 70;

/** Runs the command with these arguments. What it ends with. */
export function run(args = [], { env = {}, preopens = {}, stdin = 0, stdout = 1, stderr = 2 } = {}) {
  return new Promise((resolve, reject) => {
    // On a thread of its own, for it sleeps while it waits, and with a stack on which the engine finds out first that scripts nest too deeply.
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData: { args: [...args], env: { ...env }, preopens: { ...preopens }, stdin, stdout, stderr },
      resourceLimits: { stackSizeMb: 16 },
    });
    let ended;
    worker.on("message", ({ status, lost, wrong }) => {
      if (lost) process.stderr.write(`error: the engine is lost: ${lost}\n`);
      ended = lost ? () => resolve(BROKEN) : wrong ? () => reject(wrong) : () => resolve(status);
    });
    worker.on("error", reject);
    worker.on("exit", () => (ended ? ended() : reject(new Error("the thread of the command ended before it did"))));
  });
}
