/** A parsed command as the code of a command sees it: options by name, values checked. */
import { AlreadyReported, CommandError } from "./errors.ts";
import type { ParsedCommand } from "./parse.ts";
import { parseScaled, parseWhole, type WholeKind } from "./numbers.ts";
import type { CommandSpec, OptionsOf } from "./spec.ts";

type TextKind = "string" | "data" | "argv" | "int";

/** Reads the options of a command of spec `S`. */
export class Command<S extends CommandSpec = CommandSpec> {
  readonly name: string;
  readonly #spec: S;
  readonly #options: ParsedCommand["options"];

  constructor(parsed: ParsedCommand, spec: S) {
    this.name = parsed.name;
    this.#spec = spec;
    this.#options = parsed.options;
  }

  /** Whether a flag was given. */
  has(name: OptionsOf<S, "bool">): boolean {
    return this.#options.some((each) => each.name === name);
  }

  /** Whether an option with a value was given. */
  given(name: OptionsOf<S, TextKind>): boolean {
    return this.#raw(name) !== undefined;
  }

  /** An option's text, or undefined. @throws CommandError for an empty text where none is allowed */
  text(name: OptionsOf<S, TextKind>): string | undefined {
    const value = this.#raw(name);
    const option = this.#spec.options[name];
    if (value === "" && option && !("emptyOk" in option && option.emptyOk)) {
      throw new CommandError(`Failed to get option '${name}': Option argument is empty`);
    }
    return value;
  }

  /** As `text`; where it is empty, the command fails without a word. @throws AlreadyReported */
  textQuietly(name: OptionsOf<S, TextKind>): string | undefined {
    try {
      return this.text(name);
    } catch (error) {
      if (error instanceof CommandError) throw new AlreadyReported(error.message);
      throw error;
    }
  }

  /** As `text`; the empty text is none. */
  textOrNone(name: OptionsOf<S, TextKind>): string | undefined {
    const value = this.#raw(name);
    return value === "" ? undefined : value;
  }

  /** An option's text as it was given, also where it is empty. */
  textAsGiven(name: OptionsOf<S, TextKind>): string | undefined {
    return this.#raw(name);
  }

  /** The text of an option that the parser requires. */
  required(name: OptionsOf<S, TextKind>): string {
    const value = this.text(name);
    if (value === undefined) {
      throw new CommandError(`Failed to get option '${name}': Required option not present`);
    }
    return value;
  }

  /** All values of an option that takes the rest of the line. */
  all(name: OptionsOf<S, "argv">): string[] {
    return this.#options.flatMap((each) =>
      each.name === name && each.value !== true ? [each.value] : [],
    );
  }

  /**
   * A whole number. `int`: -2^31 up to 2^31-1, `uint`: below 2^32, `ulonglong`: below 2^64.
   * @throws CommandError in virsh's words for anything else
   */
  whole(name: OptionsOf<S, TextKind>, kind: WholeKind = "int"): number | undefined {
    const value = this.wholeBig(name, kind);
    return value === undefined ? undefined : Number(value);
  }

  /** As `whole`, for numbers that may be too large for a double. */
  wholeBig(name: OptionsOf<S, TextKind>, kind: WholeKind): bigint | undefined {
    const text = this.#raw(name);
    if (text === undefined) return undefined;
    const value = parseWhole(text, kind);
    if (value === null) {
      throw new CommandError(
        `Numeric value '${text}' for <${name}> option is malformed or out of range`,
      );
    }
    return value;
  }

  /**
   * A size with a suffix: `10`, `10KiB`, `1M`, `1GB`.
   *
   * @param scale what a number without a suffix counts, in bytes
   * @param max largest value allowed, in bytes
   * @returns bytes
   */
  scaled(name: OptionsOf<S, TextKind>, scale: bigint, max: bigint): bigint | undefined {
    const text = this.#raw(name);
    if (text === undefined) return undefined;
    const parsed = parseScaled(text, scale, max);
    if (typeof parsed === "bigint") return parsed;
    const first = `Scaled numeric value '${text}' for <${name}> option is malformed or out of range`;
    throw new CommandError(parsed.reason === null ? first : `${first}\n${parsed.reason}`);
  }

  /** @throws CommandError where both options were given */
  exclusive(a: keyof S["options"] & string, b: keyof S["options"] & string): void {
    if (this.#isGiven(a) && this.#isGiven(b)) {
      throw new CommandError(`Options --${a} and --${b} are mutually exclusive`);
    }
  }

  /** @throws CommandError where `a` was given without `b` */
  needs(a: keyof S["options"] & string, b: keyof S["options"] & string): void {
    if (this.#isGiven(a) && !this.#isGiven(b)) {
      throw new CommandError(`Option --${b} is required by option --${a}`);
    }
  }

  #isGiven(name: string): boolean {
    return this.#options.some((each) => each.name === name);
  }

  #raw(name: string): string | undefined {
    const value = this.#options.find((each) => each.name === name)?.value;
    return value === true ? undefined : value;
  }
}
