/**
 * RVWMO (unprivileged manual, chapter "RVWMO Memory Consistency Model"): all outcomes that the
 * axioms allow, found by trying every global memory order that preserves program order where it must.
 */
import { resultsOf } from "./litmus-test.ts";
import type { Dependency, LitmusTest, Op, Outcome, Set } from "./litmus-test.ts";

/** A memory operation. An AMO is one that loads and stores. */
interface Event {
  readonly index: number;
  readonly hart: number;
  /** Position in the hart's program. */
  readonly place: number;
  readonly at: string;
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

function eventsOf(op: Op, hart: number, place: number, index: number): Event[] {
  if (op.op !== "load" && op.op !== "store") return [];
  const { at, means, order, dependency } = op;
  const [acquire, release] = [order.includes("aq"), order.includes("rl")];
  const value = op.op === "store" ? op.value : undefined;
  const to = op.op === "load" ? op.to : undefined;
  const common = { index, hart, place, at, value, to, dependency, pair: undefined };
  if (means === "plain") {
    const stores = op.op === "store";
    return [{ ...common, loads: !stores, stores, amo: false, acquire: false, release: false }];
  }
  if (means === "amo") {
    return [{ ...common, loads: true, stores: true, amo: true, acquire, release }];
  }
  // Data are the SC's.
  const mine = dependency?.kind === "data" ? undefined : dependency;
  const lr = { ...common, value: undefined, loads: true, stores: false, amo: false };
  const sc = { ...common, index: index + 1, to: undefined, loads: false, stores: true, amo: false };
  return [
    { ...lr, dependency: mine, acquire, release: false },
    { ...sc, pair: index, acquire: false, release },
  ];
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
  readonly #events: readonly Event[];
  /** Where in a hart's program a result comes from. */
  readonly #sources = new Map<string, Event>();
  /** before[b]: events that precede b in every global memory order. */
  readonly #before: number[][];
  readonly outcomes = new globalThis.Set<Outcome>();

  constructor(test: LitmusTest) {
    this.#test = test;
    const events: Event[] = [];
    test.harts.forEach((ops, hart) =>
      ops.forEach((op, place) => events.push(...eventsOf(op, hart, place, events.length))),
    );
    this.#events = events;
    for (const event of events) if (event.to !== undefined) this.#sources.set(event.to, event);
    this.#before = events.map((b) =>
      events.filter((a) => this.#programOrder(a, b) && this.#preserved(a, b)).map((a) => a.index),
    );
  }

  #programOrder(a: Event, b: Event): boolean {
    return a.hart === b.hart && a.index < b.index;
  }

  /** The rules of preserved program order that do not depend on values, by their numbers. */
  #preserved(a: Event, b: Event): boolean {
    const between = (this.#test.harts[a.hart] ?? []).slice(a.place + 1, b.place);
    return (
      (a.at === b.at && b.stores) || // 1
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
    return this.#sources.get(dependency.on) === a;
  }

  /** A branch orders the stores behind it, of all accesses that follow. */
  #dependsOn(b: Event, a: Event): boolean {
    if (this.#reaches(b, a, ["address", "data"])) return true;
    if (!b.stores) return false;
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
  #sourceOf(load: Event, position: readonly number[]): Event | undefined {
    const at = (event: Event): number => position[event.index] ?? 0;
    const seen = this.#events.filter(
      (store) =>
        store !== load &&
        store.stores &&
        store.at === load.at &&
        (at(store) < at(load) || this.#programOrder(store, load)),
    );
    return seen.toSorted((a, b) => at(a) - at(b)).at(-1);
  }

  #judge(order: readonly number[]): void {
    const position: number[] = [];
    order.forEach((index, at) => (position[index] = at));
    const sources = this.#events.map((event) =>
      event.loads ? this.#sourceOf(event, position) : undefined,
    );
    if (!this.#isAtomic(sources, position) || !this.#keepsOrder(sources, position)) return;
    this.#record(order, sources);
  }

  /** Atomicity axiom: no other hart's store between what an LR read and its SC. */
  #isAtomic(sources: readonly (Event | undefined)[], position: readonly number[]): boolean {
    return this.#events.every((sc) => {
      if (sc.pair === undefined) return true;
      const from = sources[sc.pair];
      const first = from === undefined ? -1 : (position[from.index] ?? 0);
      const last = position[sc.index] ?? 0;
      return (
        first < last &&
        this.#events.every((store) => {
          const at = position[store.index] ?? 0;
          const foreign = store.stores && store.at === sc.at && store.hart !== sc.hart;
          return !foreign || at <= first || at >= last;
        })
      );
    });
  }

  /** The rules of preserved program order that depend on values: 2, 3 and 12. */
  #keepsOrder(sources: readonly (Event | undefined)[], position: readonly number[]): boolean {
    return this.#events.every((b) => {
      if (!b.loads) return true;
      const source = sources[b.index];
      return this.#events.every((a) => {
        if (!this.#programOrder(a, b)) return true;
        const between = this.#eventsBetween(a, b);
        const overwritten = between.some((m) => m.stores && m.at === b.at);
        const differ = a.loads && a.at === b.at && !overwritten && sources[a.index] !== source;
        const own = a === source && (a.amo || a.pair !== undefined);
        const through =
          a.loads && between.some((m) => m === source && this.#reaches(m, a, ["address", "data"]));
        if (!differ && !own && !through) return true;
        return (position[a.index] ?? 0) < (position[b.index] ?? 0);
      });
    });
  }

  #record(order: readonly number[], sources: readonly (Event | undefined)[]): void {
    const written = new Map<Event | undefined, number>([[undefined, 0]]);
    const results = new Map<string, number>();
    const memory = new Map<string, number>();
    for (const event of this.#events) {
      if (event.value !== undefined) written.set(event, event.value);
    }
    for (const index of order) {
      const event = this.#events[index];
      if (event === undefined) continue;
      const read = event.loads ? (written.get(sources[index]) ?? 0) : 0;
      if (event.to !== undefined) results.set(event.to, read);
      if (!event.stores) {
        // What an LR read, for the SC that writes it back.
        if (event.loads) written.set(event, read);
        continue;
      }
      const lr = event.pair === undefined ? undefined : this.#events[event.pair];
      const value = event.value ?? (lr === undefined ? read : (written.get(lr) ?? 0));
      written.set(event, value);
      memory.set(event.at, value);
    }
    const test = this.#test;
    const values = resultsOf(test).map((name) => results.get(name) ?? 0);
    this.outcomes.add([...values, ...test.finals.map((at) => memory.get(at) ?? 0)].join(" "));
  }
}

/** All outcomes that the memory model allows. Takes long beyond nine memory operations. */
export function allowedOutcomes(test: LitmusTest): ReadonlySet<Outcome> {
  if (test.allowed !== undefined) return new globalThis.Set(test.allowed);
  const model = new Model(test);
  model.extend([]);
  return model.outcomes;
}
