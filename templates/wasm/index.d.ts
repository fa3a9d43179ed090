/** What crosses between the page and a runtime: data, copied. */
export type Plain =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Error
  | Uint8Array
  | Plain[]
  | { [key: string]: Plain };

export interface RuntimeOptions {
  /** Takes whole lines that scripts log; without it, the host's `console.log` does. */
  stdout?: (text: string) => void;
  /** Takes whole lines that scripts warn of; without it, the host's `console.error` does. */
  stderr?: (text: string) => void;
  /** Hears of an error that no script handled, with its report; without it, the host's `console.error` does. */
  onError?: (error: Error, report: string) => void;
  /** Files that modules import by relative paths: `{ "lib/a.js": "export const a = 1" }`. */
  files?: Record<string, string>;
  /** What `import.meta.args` of the main module says. */
  args?: string[];
  /** Kinds of permission that are taken away: `["net"]`. */
  deny?: string[];
  /** Limits below those that the runtime was built with. */
  limits?: {
    /** Bytes that scripts may hold. */
    memory?: number;
    /** Milliseconds that scripts may compute. */
    cpu?: number;
    /** Milliseconds from start to end. */
    wall?: number;
    /** Bytes of stack. */
    stack?: number;
    /** Timers pending at once. */
    timers?: number;
  };
}

/** A JavaScript runtime of its own: nothing of the page is in it but what is given to it. */
export declare class Runtime {
  private constructor();
  /** Makes a runtime. Several are independent of each other. */
  static create(options?: RuntimeOptions): Promise<Runtime>;
  /** Evaluates a script and the microtasks that it queues; the value of its last expression. What it throws is thrown, with its stack. */
  eval(code: string): Plain;
  /** Evaluates a script; when its result is a promise, what that settles to. */
  evalAsync(code: string): Promise<Plain>;
  /** Runs `code` as a module, which may import what `files` has; its exports. */
  runModule(code: string, path?: string): Promise<{ [name: string]: Plain }>;
  /** Runs a file of the runtime's; without a path, the app inside. Its exports. */
  runFile(path?: string): Promise<{ [name: string]: Plain }>;
  /** Adds a file that modules can import, or replaces one. */
  addFile(path: string, text: string): void;
  /** Defines a global function of the page's. It may return a promise; what it throws is thrown to the script. */
  register(name: string, callback: (...args: any[]) => unknown): void;
  /** Ends the runtime and gives its memory back. */
  dispose(): void;
  /** The same, for `using`. */
  [Symbol.dispose](): void;
  /** Whether it was disposed of. */
  readonly isDisposed: boolean;
}
