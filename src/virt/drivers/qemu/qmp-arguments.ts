/** Arguments of QMP commands, looked through in order, as QEMU does; what is wrong is told in its words. */

/** What a QMP command answers instead of a value. */
export class QmpError extends Error {
  override readonly name = "QmpError";
  /** QAPI's `QapiErrorClass`. */
  readonly errorClass: string;

  constructor(message: string, errorClass = "GenericError") {
    super(message);
    this.errorClass = errorClass;
  }
}

type Members = Readonly<Record<string, unknown>>;

/** One object among the arguments. Every member is asked for once, then `end` refuses the others. */
export class QmpObject {
  readonly #members: Members;
  readonly #path: string;
  readonly #unseen: Set<string>;

  /** @param path what the object is called in errors; empty for the arguments themselves */
  constructor(value: unknown, path = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw wrongType(path, "object");
    }
    this.#members = value as Members;
    this.#path = path;
    this.#unseen = new Set(Object.keys(value));
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#members, name);
  }

  integer(name: string): number {
    const value = this.#take(name);
    if (typeof value !== "number" || !Number.isInteger(value)) throw this.#wrong(name, "integer");
    return value;
  }

  boolean(name: string): boolean {
    const value = this.#take(name);
    if (typeof value !== "boolean") throw this.#wrong(name, "boolean");
    return value;
  }

  string(name: string): string {
    const value = this.#take(name);
    if (typeof value !== "string") throw this.#wrong(name, "string");
    return value;
  }

  /** A member of an enumeration. */
  choice(name: string, accepts: (value: string) => boolean): string {
    const value = this.string(name);
    if (accepts(value)) return value;
    throw new QmpError(`Parameter '${name}' does not accept value '${value}'`);
  }

  object(name: string): QmpObject {
    return new QmpObject(this.#take(name), this.#pathOf(name));
  }

  objects(name: string): QmpObject[] {
    const value = this.#take(name);
    if (!Array.isArray(value)) throw this.#wrong(name, "array");
    return value.map((each, i) => new QmpObject(each, `${this.#pathOf(name)}[${i}]`));
  }

  /** @throws QmpError for a member that nobody asked for */
  end(): void {
    const [first] = this.#unseen;
    if (first !== undefined) {
      throw new QmpError(`Parameter '${this.#pathOf(first)}' is unexpected`);
    }
  }

  #take(name: string): unknown {
    if (!this.has(name)) throw new QmpError(`Parameter '${this.#pathOf(name)}' is missing`);
    this.#unseen.delete(name);
    return this.#members[name];
  }

  #pathOf(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  #wrong(name: string, expected: string): QmpError {
    return wrongType(this.#pathOf(name), expected);
  }
}

function wrongType(path: string, expected: string): QmpError {
  return new QmpError(`Invalid parameter type for '${path}', expected: ${expected}`);
}
