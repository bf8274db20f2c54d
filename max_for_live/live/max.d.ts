/** Declare what Max gives to the script of a v8 object. Source: Max 9 user guide, "JavaScript in Max". */

/** A reference to an object of Live. Only `live_api.ts` names it. */
declare class LiveAPI {
  constructor(path: string);
  constructor(callback: (args: unknown[]) => void, path: string);
  readonly id: string;
  readonly type: string;
  readonly path: string;
  readonly unquotedpath: string;
  property: string;
  /** Nothing where Live knows no such property. */
  get(property: string): unknown[] | undefined;
  call(method: string, ...args: unknown[]): unknown;
  /** How many objects are in a list of the object. */
  getcount(child: string): number;
}

/** Something to do later, on Max's low-priority thread; times are in milliseconds. */
declare class Task {
  constructor(action: () => void, owner?: object);
  schedule(delayMs?: number): void;
  cancel(): void;
}

/** A dictionary by its name, shared with the patch. */
declare class Dict {
  constructor(name?: string);
  readonly name: string;
  stringify(): string;
  parse(json: string): void;
}

/** Send atoms out of the script's outlet of that number. */
declare function outlet(index: number, atoms: unknown[]): void;

/** Write a line to the Max console that stands out there. */
declare function error(...texts: unknown[]): void;
