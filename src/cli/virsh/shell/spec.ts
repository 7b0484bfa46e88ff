/** What a virsh command is: data that parsing, help and completion read. */

interface Described {
  /** What `virsh help` says of the option. */
  readonly help: string;
}

interface WithValue extends Described {
  /** The command is refused without it. */
  readonly required?: true;
  /** `--option ''` is allowed. */
  readonly emptyOk?: true;
  /** Only `--option value` gives it, not its place on the line. */
  readonly named?: true;
  /** Which names complete it (`completion.ts`); `nothing` where none can be known. */
  readonly completes?: string;
  /** Which of these: `active`, `inactive`, … (`names.ts`). */
  readonly among?: string;
}

export type OptionSpec =
  | ({ readonly kind: "bool" } & Described & { readonly completes?: string })
  /** `data` is shown as `<name>` in help, `string` as `[--name <string>]`. */
  | ({ readonly kind: "string" | "int" | "data" } & WithValue)
  /** All that follows. */
  | ({ readonly kind: "argv" } & WithValue)
  /** Another spelling of the option `of`, or of `option=value`; help is silent about it. */
  | { readonly kind: "alias"; readonly of: string };

export interface CommandSpec {
  readonly summary: string;
  readonly description: string;
  /** Works without a connection. */
  readonly noConnect?: true;
  /** Left out of help. */
  readonly hidden?: true;
  /** In the order in which values without `--option` fill them. */
  readonly options: Readonly<Record<string, OptionSpec>>;
}

/** Another name of a command. */
export interface AliasSpec {
  readonly alias: string;
}

export type CommandTable = Readonly<Record<string, CommandSpec | AliasSpec>>;

/** A group of `virsh help`. */
export interface CommandGroup {
  readonly title: string;
  /** What `virsh help <keyword>` takes. */
  readonly keyword: string;
  readonly commands: CommandTable;
}

/** The names of the options of kind `K`. */
export type OptionsOf<S extends CommandSpec, K extends OptionSpec["kind"]> = {
  [Name in keyof S["options"]]: S["options"][Name] extends { readonly kind: K } ? Name : never;
}[keyof S["options"]] &
  string;

/** The command names of a table that are no aliases. */
export type CommandsOf<T extends CommandTable> = {
  [Name in keyof T]: T[Name] extends CommandSpec ? Name : never;
}[keyof T] &
  string;
