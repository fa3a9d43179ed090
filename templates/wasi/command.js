#!/usr/bin/env node
// The command in a shell: its root folder is the one in which it was started.

import { run } from "./index.js";

process.exitCode = await run(process.argv.slice(2), { env: process.env, preopens: { "/": process.cwd() } });
