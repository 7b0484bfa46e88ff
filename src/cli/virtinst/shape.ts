/**
 * What an XML element of the guest may hold, and in which order it is written: the explicit order
 * first, then what was set, as it was set, then the other parts by name.
 */

/** How a value is written: a decimal number, yes or no, on or off, an empty element. */
export type ValueKind = "int" | "yesNo" | "onOff" | "present" | "absolute";

export interface PartRule {
  readonly shape: Shape;
  /** Elements between the parent and the part, as `numa/interconnects`; empty: none. */
  readonly at: string;
  readonly isSingle: boolean;
}

export interface Shape {
  /** The element's name. */
  readonly name: string;
  /** Paths below the element (`driver/@cache`), and names of parts behind a `>`. */
  readonly order: readonly string[];
  readonly kinds: ReadonlyMap<string, ValueKind>;
  readonly parts: Readonly<Record<string, PartRule>>;
}

type Description = Partial<Record<ValueKind | "order", string>> & {
  readonly parts?: Readonly<Record<string, PartRule>>;
};

const KINDS = ["int", "yesNo", "onOff", "present", "absolute"] as const;

/** Lists of paths are words between spaces. */
export function shape(name: string, description: Description = {}): Shape {
  const words = (text = ""): string[] => text.split(" ").filter((word) => word !== "");
  return {
    name,
    order: words(description.order),
    kinds: new Map(
      KINDS.flatMap((kind) => words(description[kind]).map((path) => [path, kind] as const)),
    ),
    parts: description.parts ?? {},
  };
}

/** A part that is there once at most. */
export function one(of: Shape, at = ""): PartRule {
  return { shape: of, at, isSingle: true };
}

/** A part that may be there many times. */
export function many(of: Shape, at = ""): PartRule {
  return { shape: of, at, isSingle: false };
}
