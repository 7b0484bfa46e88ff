/** The last minutes of every domain's counters, as one bulk call gives them (virConnectGetAllDomainStats). */
import type { DomainStatsRecord } from "../driver/domain-calls.ts";

/** Counters of a domain at one moment, by libvirt's names: `cpu.time`, `block.0.rd.bytes`. */
export interface StatsSample {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly values: ReadonlyMap<string, number | string | boolean>;
}

/** Samples that are kept of each domain: five minutes at one a second. */
const KEPT = 300;

export class StatsHistory {
  readonly #samples = new Map<string, readonly StatsSample[]>();
  readonly #listeners = new Set<() => void>();

  /** Oldest first. The array is a new one after every sample, and only then. */
  samples(uuid: string): readonly StatsSample[] {
    return this.#samples.get(uuid) ?? NONE;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes the counters of all domains; those that are not among them are forgotten. */
  add(records: readonly DomainStatsRecord[], atMs: number): void {
    const present = new Set(records.map(({ domain }) => domain.uuid));
    for (const uuid of this.#samples.keys()) if (!present.has(uuid)) this.#samples.delete(uuid);
    for (const { domain, params } of records) {
      const values = new Map(
        params.map(({ field, value }): [string, number | string | boolean] => [
          field,
          typeof value === "bigint" ? Number(value) : value,
        ]),
      );
      const before = this.#samples.get(domain.uuid) ?? NONE;
      this.#samples.set(domain.uuid, [...before.slice(1 - KEPT), { atMs, values }]);
    }
    for (const listener of this.#listeners) listener();
  }
}

const NONE: readonly StatsSample[] = [];
