// What the scripts of acme-js 1.2.0 can use. Generated from the functions that it is built of.

interface ImportMeta {
  /** The URL of this module. */
  url: string;
  /** Whether this module is the one that was started. */
  main: boolean;
  /** The path of this module, when it is a file. */
  filename?: string;
  /** The path of the folder that this module is in, when it is a file. */
  dirname?: string;
  /** The arguments of the script, in the module that was started. */
  args?: string[];
}

declare const Counter: typeof import("acme:sensor").Counter;
declare type Counter = import("acme:sensor").Counter;

/** Everything about sensors. */
declare module "acme:sensor" {
  export function plain(): void;
  /**
   * Greets somebody.
   *
   * Ends no comment: *\/ here.
   */
  export function greet(name: string, times?: number): string;
  function delete_(function_: string, _2nd_word: string, default_: string): void;
  export { delete_ as delete };
  export function middle(maybe: string | undefined, must: number): number | undefined;
  export function rest(...all: (string | number)[]): void;
  /**
   * Reads a sensor.
   *
   * Needs the permission `sys:sensor`.
   */
  export function read(options: Options): Promise<Event[]>;
  export function shapes(list: ((arg0: number) => string[])[], pair: [string, Uint8Array], record: Record<string, (number | undefined)[]>, either: (() => void) | string | null): Map<string, Promise<bigint>>;
  /** Counts. */
  export class Counter {
    constructor(start?: number);
    static of(n: number): Counter;
    /** One more. */
    inc(): number;
    delete(function_: string, _2nd_word: string, default_: string): void;
    /** The most. */
    static readonly LIMIT: 7;
    /** The most. */
    readonly LIMIT: 7;
    /** How many. */
    get count(): number;
    set count(value: number);
    static get total(): number;
    steps(): IterableIterator<number>;
    [Symbol.iterator](): IterableIterator<number>;
  }
  export class Stepper extends Counter {
    protected constructor();
  }
  /** Told by hand. */
  export const told: { (): void; deep: number };
  export const untold: any;
  /** How it is done. */
  export interface Options {
    /** How often. */
    retries: number;
    "on-error"?: (arg0: string) => void;
    nested?: Options;
    mode: Mode;
  }
  export type Mode = "fast" | "very \"safe\"";
  /** What happened. */
  export type Event =
    /** It began. */
    | {
      kind: "opened";
      /** When. */
      at: Date;
    }
    | {
      kind: "closed";
    };
}

declare module "acme:other" {
  import { Counter } from "acme:sensor";
  export function other(options: Options, again: Options2): import("acme:sensor").Counter;
  export class Foreign extends Counter {
    protected constructor();
  }
  export type Options = string | number | null;
  /** How it is done. */
  export interface Options2 {
    /** How often. */
    retries: number;
    "on-error"?: (arg0: string) => void;
    nested?: Options2;
    mode: Mode;
  }
  export type Mode = "fast" | "very \"safe\"";
}

/**
 * Greets somebody.
 *
 * Ends no comment: *\/ here.
 */
declare function greet(name: string, times?: number): string;
// `delete` exists, but TypeScript cannot declare that name here.
declare function other(options: Options, again: Options2): import("acme:sensor").Counter;
declare function queue(task: () => void): void;

declare namespace acme {
  /**
   * Reads a sensor.
   *
   * Needs the permission `sys:sensor`.
   */
  export function read(options: Options): Promise<Event[]>;
  export function other(options: Options2, again: Options): import("acme:sensor").Counter;
  export const extra: any;
  /** How it is done. */
  export interface Options {
    /** How often. */
    retries: number;
    "on-error"?: (arg0: string) => void;
    nested?: Options;
    mode: Mode;
  }
  export type Mode = "fast" | "very \"safe\"";
  /** What happened. */
  export type Event =
    /** It began. */
    | {
      kind: "opened";
      /** When. */
      at: Date;
    }
    | {
      kind: "closed";
    };
  export type Options2 = string | number | null;
}

declare type Options = string | number | null;
/** How it is done. */
declare interface Options2 {
  /** How often. */
  retries: number;
  "on-error"?: (arg0: string) => void;
  nested?: Options2;
  mode: Mode;
}
declare type Mode = "fast" | "very \"safe\"";
