/**
 * RVWMO (unprivileged manual, chapter "RVWMO Memory Consistency Model"): all outcomes that the
 * axioms allow, found by trying every global memory order that preserves program order where it must.
 * The model's bytes are halves of words here: no access is smaller.
 */
import { halvesOf, isSplit, resultsOf, valueHalves } from "./litmus-test.ts";
import type { Dependency, LitmusTest, Load, Op, Outcome, Set, Store } from "./litmus-test.ts";

/** A memory operation. An AMO is one that loads and stores. */
interface Event {
  readonly index: number;
  readonly hart: number;
  /** Position in the hart's program. */
  readonly place: number;
  readonly at: string;
  readonly halves: readonly number[];
  readonly loads: boolean;
  readonly stores: boolean;
  /** What a store writes; undefined when it writes back what its AMO or LR read. */
  readonly value: number | undefined;
  readonly to: string | undefined;
  readonly acquire: boolean;
  readonly release: boolean;
  readonly amo: boolean;
  /** The LR of an SC, by index. */
  readonly pair: number | undefined;
  readonly dependency: Dependency | undefined;
}

/** The stores that a load's halves come from; undefined: the initial value. */
type Sources = ReadonlyMap<number, Event | undefined>;

function eventsOf(op: Op, hart: number, place: number, index: number, split: boolean): Event[] {
  if (op.op !== "load" && op.op !== "store") return [];
  const halves = halvesOf(op);
  const common = { ...baseOf(op), index, hart, place, halves };
  if (op.means === "plain") {
    const stores = op.op === "store";
    const plain = { ...common, loads: !stores, stores, amo: false, acquire: false, release: false };
    if (!split) return [plain];
    return halves.map((half, i) => ({ ...plain, index: index + i, halves: [half] }));
  }
  const { acquire, release } = common;
  if (op.means === "amo") {
    return [{ ...common, loads: true, stores: true, amo: true }];
  }
  // Data are the SC's.
  const mine = op.dependency?.kind === "data" ? undefined : op.dependency;
  const lr = { ...common, value: undefined, loads: true, stores: false, amo: false };
  const sc = { ...common, index: index + 1, to: undefined, loads: false, stores: true, amo: false };
  return [
    { ...lr, dependency: mine, acquire, release: false },
    { ...sc, pair: index, acquire: false, release },
  ];
}

function baseOf(
  op: Load | Store,
): Pick<Event, "at" | "value" | "to" | "dependency" | "pair" | "acquire" | "release"> {
  return {
    at: op.at,
    value: op.op === "store" ? op.value : undefined,
    to: op.op === "load" ? op.to : undefined,
    dependency: op.dependency,
    pair: undefined,
    acquire: op.order.includes("aq"),
    release: op.order.includes("rl"),
  };
}

/** The halves of memory that both access. */
function overlap(a: Event, b: Event): readonly number[] {
  return a.at === b.at ? a.halves.filter((half) => b.halves.includes(half)) : [];
}

function covers(set: Set, { loads, stores }: Event): boolean {
  return (set.includes("r") && loads) || (set.includes("w") && stores);
}

function fenced(op: Op, a: Event, b: Event): boolean {
  if (op.op === "fence") return covers(op.before, a) && covers(op.after, b);
  // FENCE.TSO: everything but a store before a load behind it.
  if (op.op === "fence.tso") return (a.loads && (b.loads || b.stores)) || (a.stores && b.stores);
  return false;
}

class Model {
  readonly #test: LitmusTest;
  readonly #sequential: boolean;
  readonly #events: readonly Event[];
  /** Where in a hart's program a result comes from: more than one where its access is split. */
  readonly #producers = new Map<string, Event[]>();
  /** before[b]: events that precede b in every global memory order. */
  readonly #before: number[][];
  readonly outcomes = new globalThis.Set<Outcome>();

  constructor(test: LitmusTest, sequential: boolean) {
    this.#test = test;
    this.#sequential = sequential;
    const events: Event[] = [];
    test.harts.forEach((ops, hart) =>
      ops.forEach((op, place) =>
        events.push(...eventsOf(op, hart, place, events.length, isSplit(test))),
      ),
    );
    this.#events = events;
    for (const event of events) {
      const { to } = event;
      if (to !== undefined) this.#producers.set(to, [...(this.#producers.get(to) ?? []), event]);
    }
    this.#before = events.map((b) =>
      events.filter((a) => this.#programOrder(a, b) && this.#preserved(a, b)).map((a) => a.index),
    );
  }

  /** The parts of a misaligned access have no order. */
  #programOrder(a: Event, b: Event): boolean {
    const parts = a.place === b.place && b.pair === undefined;
    return a.hart === b.hart && a.index < b.index && !parts;
  }

  /** The rules of preserved program order that do not depend on values, by their numbers. */
  #preserved(a: Event, b: Event): boolean {
    if (this.#sequential) return true;
    const between = (this.#test.harts[a.hart] ?? []).slice(a.place + 1, b.place);
    return (
      (overlap(a, b).length > 0 && b.stores) || // 1
      between.some((op) => fenced(op, a, b)) || // 4
      a.acquire || // 5
      b.release || // 6
      ((a.acquire || a.release) && (b.acquire || b.release)) || // 7
      b.pair === a.index || // 8
      this.#dependsOn(b, a) || // 9, 10, 11
      (b.stores && this.#eventsBetween(a, b).some((m) => this.#reaches(m, a, ["address"]))) // 13
    );
  }

  #eventsBetween(a: Event, b: Event): Event[] {
    return this.#events.filter((m) => this.#programOrder(a, m) && this.#programOrder(m, b));
  }

  #reaches(m: Event, a: Event, kinds: readonly string[]): boolean {
    const { dependency } = m;
    if (dependency === undefined || !kinds.includes(dependency.kind)) return false;
    return this.#producers.get(dependency.on)?.includes(a) === true;
  }

  /**
   * A branch orders the stores behind it, of all accesses that follow. Every SC is followed by one on
   * its success.
   */
  #dependsOn(b: Event, a: Event): boolean {
    if (this.#reaches(b, a, ["address", "data"])) return true;
    if (!b.stores) return false;
    if (a.pair !== undefined) return true;
    return [...this.#eventsBetween(a, b), b].some((m) => this.#reaches(m, a, ["control"]));
  }

  /** Tries every continuation of a global memory order. */
  extend(order: readonly number[]): void {
    if (order.length === this.#events.length) {
      this.#judge(order);
      return;
    }
    for (const { index } of this.#events) {
      if (order.includes(index)) continue;
      const ready = this.#before[index]?.every((earlier) => order.includes(earlier));
      if (ready) this.extend([...order, index]);
    }
  }

  /** The store whose value a load returns (load value axiom); undefined for the initial one. */
  #sourceOf(load: Event, half: number, position: readonly number[]): Event | undefined {
    const at = (event: Event): number => position[event.index] ?? 0;
    const seen = this.#events.filter(
      (store) =>
        store !== load &&
        store.stores &&
        store.at === load.at &&
        store.halves.includes(half) &&
        (at(store) < at(load) || this.#programOrder(store, load)),
    );
    return seen.toSorted((a, b) => at(a) - at(b)).at(-1);
  }

  #judge(order: readonly number[]): void {
    const position: number[] = [];
    order.forEach((index, at) => (position[index] = at));
    const sources = this.#events.map(
      (event): Sources =>
        new Map(
          event.loads
            ? event.halves.map((half) => [half, this.#sourceOf(event, half, position)])
            : [],
        ),
    );
    if (!this.#isAtomic(sources, position) || !this.#keepsOrder(sources, position)) return;
    this.#record(order, sources);
  }

  /** Atomicity axiom: no other hart's store between what an LR read and its SC. */
  #isAtomic(sources: readonly Sources[], position: readonly number[]): boolean {
    return this.#events.every((sc) => {
      if (sc.pair === undefined) return true;
      const last = position[sc.index] ?? 0;
      return [...(sources[sc.pair] ?? [])].every(([half, from]) => {
        const first = from === undefined ? -1 : (position[from.index] ?? 0);
        return (
          first < last &&
          this.#events.every((store) => {
            const at = position[store.index] ?? 0;
            const same = store.at === sc.at && store.halves.includes(half);
            const foreign = store.stores && same && store.hart !== sc.hart;
            return !foreign || at <= first || at >= last;
          })
        );
      });
    });
  }

  /** The rules of preserved program order that depend on values: 2, 3 and 12. */
  #keepsOrder(sources: readonly Sources[], position: readonly number[]): boolean {
    return this.#events.every(
      (b) =>
        !b.loads ||
        this.#events.every(
          (a) =>
            !this.#programOrder(a, b) ||
            (position[a.index] ?? 0) < (position[b.index] ?? 0) ||
            !this.#ordersLoad(a, b, sources),
        ),
    );
  }

  #ordersLoad(a: Event, b: Event, sources: readonly Sources[]): boolean {
    const between = this.#eventsBetween(a, b);
    const returned = [...(sources[b.index]?.values() ?? [])];
    const differ =
      a.loads &&
      overlap(a, b).some(
        (half) =>
          !between.some((m) => m.stores && m.at === b.at && m.halves.includes(half)) &&
          sources[a.index]?.get(half) !== sources[b.index]?.get(half),
      );
    const own = returned.includes(a) && (a.amo || a.pair !== undefined);
    const through =
      a.loads &&
      between.some((m) => returned.includes(m) && this.#reaches(m, a, ["address", "data"]));
    return differ || own || through;
  }

  #record(order: readonly number[], sources: readonly Sources[]): void {
    const key = (name: string, half: number): string => `${name}/${half}`;
    /** What a store wrote, or an LR read, by event and half. */
    const written = this.#events.map(() => new Map<number, number>());
    const values = new Map<string, number>();
    for (const index of order) {
      const event = this.#events[index];
      if (event === undefined) continue;
      for (const half of event.halves) {
        const source = sources[index]?.get(half);
        const read = this.#valueOf(source, half, written);
        if (event.to !== undefined) values.set(key(event.to, half), read);
        const lr = event.pair === undefined ? undefined : written[event.pair]?.get(half);
        const value = event.stores ? (event.value ?? lr ?? read) : read;
        written[index]?.set(half, value);
        if (event.stores) values.set(key(event.at, half), value);
      }
    }
    this.#addOutcome((name, half) => values.get(key(name, half)) ?? 0);
  }

  /** A store may come later in the order than a load of its own hart that it is forwarded to. */
  #valueOf(
    source: Event | undefined,
    half: number,
    written: readonly ReadonlyMap<number, number>[],
  ): number {
    if (source === undefined) return 0;
    return source.value ?? written[source.index]?.get(half) ?? 0;
  }

  #addOutcome(valueAt: (name: string, half: number) => number): void {
    const test = this.#test;
    const names = [...resultsOf(test), ...test.finals];
    const halves = valueHalves(test);
    const texts = names.map((name, i) => {
      const high = this.#producers.get(name)?.[0]?.halves[0] ?? 0;
      return halves[i] === 2 ? `${valueAt(name, 0)}:${valueAt(name, 1)}` : `${valueAt(name, high)}`;
    });
    this.outcomes.add(texts.join(" "));
  }
}

function outcomesOf(test: LitmusTest, sequential: boolean): ReadonlySet<Outcome> {
  if (test.allowed !== undefined) return new globalThis.Set(test.allowed);
  const model = new Model(test, sequential);
  model.extend([]);
  return model.outcomes;
}

/** All outcomes that the memory model allows. Takes long beyond nine memory operations. */
export function allowedOutcomes(test: LitmusTest): ReadonlySet<Outcome> {
  return outcomesOf(test, false);
}

/** Those that show without any reordering: the others are weak. */
export function sequentialOutcomes(test: LitmusTest): ReadonlySet<Outcome> {
  return outcomesOf(test, true);
}
