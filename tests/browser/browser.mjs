// A real browser without a window, driven by its own WebDriver, and a server of files for its pages. Both on loopback.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { createInterface } from "node:readline";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".json": "application/json" };

/** How a key is named to the browser. */
export const KEYS = { control: "\uE009", shift: "\uE008", enter: "\uE007", escape: "\uE00C", tab: "\uE004", backspace: "\uE003" };

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Serves the files below a folder; its address, and what ends it. */
async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const file = join(folder, path.endsWith(sep) ? join(path, "index.html") : path);
    const found = await stat(file).catch(() => undefined);
    if (!file.startsWith(folder) || !found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "cache-control": "no-store" });
    createReadStream(file).pipe(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Serves what is tested: the folder that `SERVED` names. */
export function served() {
  const folder = process.env.SERVED;
  if (!folder) throw new Error("SERVED must name the folder to serve: `cargo test -p tailor-tests --test page browser` builds and names it");
  return serve(folder);
}

/** Starts the driver and a browser with an empty page. */
export async function open() {
  const driver = spawn(process.env.CHROMEDRIVER ?? "chromedriver", ["--port=0"], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise((resolve, reject) => {
    driver.once("error", reject);
    driver.once("exit", (code) => reject(new Error(`the driver ended with ${code}`)));
    createInterface({ input: driver.stdout }).on("line", (line) => {
      const said = /started successfully on port (\d+)/.exec(line);
      if (said) resolve(said[1]);
    });
  });
  const call = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
  const options = { args, ...(process.env.CHROMIUM && { binary: process.env.CHROMIUM }) };
  const capabilities = { alwaysMatch: { browserName: "chrome", "goog:chromeOptions": options, timeouts: { script: 120_000 } } };
  const { sessionId } = await call("POST", "/session", { capabilities }).catch((error) => {
    driver.kill();
    throw error;
  });
  const session = `/session/${sessionId}`;
  const ask = (method, path, body) => call(method, session + path, body);
  const find = async (selector) => (await ask("POST", "/element", { using: "css selector", value: selector }))[ELEMENT];
  return {
    goto: (url) => ask("POST", "/url", { url }),
    /** Runs a function in the page, with what can be said in JSON, and gives what it returns or resolves to. */
    run: (script, ...args) =>
      ask("POST", "/execute/async", {
        script: `const done = arguments[arguments.length - 1];
          Promise.resolve().then(() => (${script})(...Array.from(arguments).slice(0, -1)))
            .then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`,
        args,
      }).then(({ value, error }) => {
        if (error !== undefined) throw new Error(error);
        return value;
      }),
    click: async (selector) => ask("POST", `/element/${await find(selector)}/click`, {}),
    type: async (selector, text) => ask("POST", `/element/${await find(selector)}/value`, { text }),
    /** Presses keys together, wherever the focus is. */
    press: (...keys) => {
      const down = keys.map((value) => ({ type: "keyDown", value }));
      const up = keys.toReversed().map((value) => ({ type: "keyUp", value }));
      return ask("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions: [...down, ...up] }] });
    },
    close: async () => {
      await call("DELETE", session);
      driver.kill();
      await once(driver, "exit");
    },
  };
}
