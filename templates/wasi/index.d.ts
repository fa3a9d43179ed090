export interface RunOptions {
  /** Environment variables. */
  env?: Record<string, string | undefined>;
  /** The folders that the command may open, by the paths that it has for them: `{ "/": "./scripts" }`. */
  preopens?: Record<string, string>;
  /** File descriptors of its standard streams; without them, those of this program. */
  stdin?: number;
  stdout?: number;
  stderr?: number;
}

/**
 * Runs the command, on a thread of its own, with arguments as of the native binary: `["run", "main.js"]`. What it ends with: 0, 1 for
 * an error of the script, 70 for an engine that is lost, or what a limit ends with.
 */
export declare function run(args?: readonly string[], options?: RunOptions): Promise<number>;
