// What is measured of one side in one fresh host, Node or a page: from nothing to an instance of its module, from there to a first value, one
// more runtime, plain JavaScript, calls of a function of the host's, and bytes. Times are in milliseconds.

const CALLS = 100_000;
const BYTES = 1_000_000;
const ROUNDS = 5;

const FIB = "(function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) })(25)";
const CALL = `(() => { let sum = 0; for (let i = 0; i < ${CALLS}; i++) sum = add(sum, 1); return sum })()`;

/** One of our packages. */
async function ours(entry) {
  const { Runtime } = await import(entry);
  const make = async () => {
    const runtime = await Runtime.create();
    return {
      value: (code) => runtime.eval(code),
      hosts: () => {
        runtime.register("add", (a, b) => a + b);
        runtime.register("pass", (bytes) => bytes);
      },
      bytes: `globalThis.sent ??= new Uint8Array(${BYTES}); pass(sent).length`,
    };
  };
  return { make };
}

/** The peer, of the same engine as one of ours: a context of a runtime of its own in one module. */
async function peer(core, variant) {
  const { newQuickJSWASMModuleFromVariant } = await import(core);
  const module = await newQuickJSWASMModuleFromVariant((await import(variant)).default);
  const make = async () => {
    const context = module.newContext();
    const define = (name, callback) => context.newFunction(name, callback).consume((made) => context.setProp(context.global, name, made));
    return {
      value: (code) => context.unwrapResult(context.evalCode(code)).consume(context.dump),
      hosts: () => {
        define("add", (a, b) => context.newNumber(context.getNumber(a) + context.getNumber(b)));
        define("pass", (handle) => context.getArrayBuffer(handle).consume(({ value }) => context.newArrayBuffer(value.slice().buffer)));
      },
      bytes: `globalThis.sent ??= new ArrayBuffer(${BYTES}); pass(sent).byteLength`,
    };
  };
  return { make };
}

const SIDES = { ours, peer };

/** The least of some times that a piece of work takes, after one that counts for nothing. */
function least(work) {
  work();
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}

function same(is, expected) {
  if (is !== expected) throw new Error(`${is} instead of ${expected}: what is measured does not work`);
}

/** When the last instance of a module was made, whoever made it in whichever way. */
let instantiated = 0;
for (const name of ["instantiate", "instantiateStreaming"]) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (...args) => {
    const made = await original.apply(WebAssembly, args);
    instantiated = performance.now();
    return made;
  };
}
WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, args) {
    const made = new Instance(...args);
    instantiated = performance.now();
    return made;
  },
});

/** Measures a side: its name above, and the addresses of its modules. */
export async function measure(side, addresses) {
  const begin = performance.now();
  const { make } = await SIDES[side](...addresses);
  const first = await make();
  same(first.value("1 + 1"), 2);
  const instantiation = instantiated - begin;
  const context = performance.now() - instantiated;
  const again = performance.now();
  same((await make()).value("1 + 1"), 2);
  const more = performance.now() - again;
  first.hosts();
  const fib = least(() => same(first.value(FIB), 75025));
  const calls = least(() => same(first.value(CALL), CALLS));
  const bytes = least(() => same(first.value(first.bytes), BYTES));
  return [instantiation, context, more, fib, calls, bytes];
}
