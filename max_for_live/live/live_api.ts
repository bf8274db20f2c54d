/**
 * Reach the objects of Live: the only file that names LiveAPI.
 *
 * Live answers a wrong call with a line in the Max console and nothing else, so whoever writes reads
 * back what came of it. Source: Live Object Model, Max 9 user guide.
 */

/** An object of Live: the song, a track, a clip. It may vanish at any time; then `isThere` is false. */
export class LiveObject {
  readonly #api: LiveAPI;

  private constructor(api: LiveAPI) {
    this.#api = api;
  }

  /** Return the object at a path such as "live_set view detail_clip", if there is one. */
  static at(path: string): LiveObject | undefined {
    const found = new LiveObject(new LiveAPI(path));
    return found.isThere ? found : undefined;
  }

  /** Return the object of an id, if it is still there. */
  static of(id: number): LiveObject | undefined {
    return LiveObject.at(`id ${id}`);
  }

  /** The object's number, never used again for another one; 0 for none. */
  get id(): number {
    return Number(this.#api.id);
  }

  get isThere(): boolean {
    return this.id !== 0;
  }

  /** What Live calls this sort of object, such as "Track". */
  get type(): string {
    return this.#api.type;
  }

  /** Return what is at a path below the object, such as "clip_slots 3 clip", if there is something. */
  below(path: string): LiveObject | undefined {
    return LiveObject.at(`${this.#api.unquotedpath} ${path}`);
  }

  number(property: string): number {
    return Number(this.#get(property)[0] ?? 0);
  }

  flag(property: string): boolean {
    return this.number(property) !== 0;
  }

  text(property: string): string {
    return this.#get(property).join(" ");
  }

  numbers(property: string): number[] {
    return this.#get(property).map(Number);
  }

  /** Return the object that a property leads to, if there is one. */
  child(property: string): LiveObject | undefined {
    return this.children(property)[0];
  }

  /** Return the objects of a list; Live lists them as "id", 5, "id", 6. */
  children(property: string): LiveObject[] {
    const ids = this.#get(property).filter((atom) => atom !== "id");
    return ids.flatMap((id) => LiveObject.of(Number(id)) ?? []);
  }

  /** Whether something is in a list, without a look at it. */
  has(property: string): boolean {
    return this.#api.getcount(property) > 0;
  }

  /** Call a function of the object, and return what it says as text; empty if it says nothing. */
  call(method: string, ...values: unknown[]): string {
    const said = this.#api.call(method, ...values);
    return typeof said === "string" || typeof said === "number" ? String(said) : "";
  }

  #get(property: string): unknown[] {
    return this.#api.get(property) ?? [];
  }
}

/** A property of an object that tells when it changes. Live forbids to change anything at once then. */
export class Watch {
  readonly #api: LiveAPI;

  constructor(path: string, property: string, onChange: () => void) {
    this.#api = new LiveAPI(onChange, path);
    this.#api.property = property;
  }

  /** Stop telling. */
  close(): void {
    this.#api.property = "";
  }
}
