/** Options with sub-options (`--disk path=…,size=…`), as tables. */

export interface OptionRow {
  /** Its spellings; `#` stands for digits or nothing. */
  readonly names: readonly string[];
  /** Where the value goes in the part; none: its rule knows. */
  readonly path: string | undefined;
  /** The name of what is done instead of setting the path. */
  readonly rule?: string;
  /**
   * The value goes into an element of a list: words `spelling=list`, outermost first; the digits
   * behind the spelling are the index.
   */
  readonly each?: string;
  /** The value goes on over commas until the next known name. */
  readonly comma?: boolean;
  readonly onOff?: boolean;
  /** The value `default` changes nothing. */
  readonly skipDefault?: boolean;
}

export type OptionRows = readonly OptionRow[];

export interface OptionTable {
  readonly name: string;
  readonly flag: string;
  /** The part of the domain that it sets; none: the domain itself. */
  readonly part?: string;
  /** Each use adds a part. */
  readonly many?: boolean;
  /** Names of the first values, where they are given without. */
  readonly first?: readonly string[];
  /** `none` is not just nothing. */
  readonly noneIsValue?: boolean;
  readonly rows: OptionRows;
}

/** What every option has: its element emptied, and changes of the finished XML by path. */
const CLEAR: OptionRow = {
  names: ["clearxml"],
  path: undefined,
  rule: "clearXml",
  onOff: true,
};

const XPATHS: OptionRows = ["delete", "set", "create", "value"].map((kind) => ({
  names: [`xpath#.${kind}`],
  path: undefined,
  rule: "xpath",
  comma: true,
}));

/** All rows, in the order in which they take effect. */
export function rowsOf({ part, rows }: OptionTable): OptionRows {
  return [CLEAR, ...(part === undefined ? [] : XPATHS), ...rows];
}

type Extras = Omit<OptionRow, "names" | "path">;

export function option(names: string, path?: string, extras: Extras = {}): OptionRow {
  return { names: names.split(" "), path, ...extras };
}
