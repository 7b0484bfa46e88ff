/** The domains of one connection: the only mutable state of `virt`. */
import type { StateEvent } from "../api/types.ts";
import { vmError } from "../protocol/vm-error.ts";
import type { Domain, DomainDefinition, DomainDiff } from "./domain.ts";
import { refusal, type Verb } from "./verbs.ts";

const NOTHING: DomainDiff = { added: [], updated: [], removed: [] };

/** A domain that was just defined. */
export function inactive(definition: DomainDefinition): Domain {
  return { definition, state: "shutoff", reason: "unknown", pausedForMs: 0 };
}

function isInactive({ state, job }: Domain): boolean {
  return state === "shutoff" && job === undefined;
}

/** Holds records by UUID, tells listeners every difference, and guards verbs. */
export class DomainTable {
  readonly #records = new Map<string, Domain>();
  readonly #listeners = new Set<(diff: DomainDiff) => void>();
  readonly #nowMs: () => number;
  #sorted: readonly Domain[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** All domains by name; the same array until something changes. */
  list(): readonly Domain[] {
    return this.#sorted;
  }

  subscribe(listener: (diff: DomainDiff) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  has(uuid: string): boolean {
    return this.#records.has(uuid);
  }

  /** @throws VmError noDomain */
  get(uuid: string): Domain {
    const domain = this.#records.get(uuid);
    if (!domain) throw vmError("noDomain", `no domain with matching uuid '${uuid}'`);
    return domain;
  }

  /** Adds the definition or replaces that of the same UUID. @throws VmError operationFailed, operationInvalid */
  define(definition: DomainDefinition): void {
    const old = this.#records.get(definition.uuid);
    this.checkDefine(definition);
    this.#put(old ? { ...old, definition } : inactive(definition));
  }

  /** @throws VmError when `define` would */
  checkDefine({ uuid, name }: DomainDefinition): void {
    const namesake = this.#sorted.find((each) => each.definition.name === name);
    if (namesake && namesake.definition.uuid !== uuid) {
      const other = namesake.definition.uuid;
      throw vmError("operationFailed", `domain '${name}' already exists with uuid ${other}`);
    }
    const old = this.#records.get(uuid);
    const error = old ? refusal("define", old.state) : null;
    if (error) throw error;
  }

  /**
   * Takes over what another page made of the definitions. Domains that are active here stay as they
   * are: theirs is the last word until they are off.
   */
  sync(definitions: readonly DomainDefinition[]): void {
    const wanted = new Map(definitions.map((each) => [each.uuid, each]));
    for (const domain of this.#sorted) {
      const { uuid } = domain.definition;
      if (!wanted.has(uuid) && isInactive(domain)) this.remove(uuid);
    }
    for (const [uuid, definition] of wanted) {
      const old = this.#records.get(uuid);
      if (!old) this.#put(inactive(definition));
      else if (isInactive(old) && JSON.stringify(old.definition) !== JSON.stringify(definition)) {
        this.#put({ ...old, definition });
      }
    }
  }

  remove(uuid: string): void {
    this.get(uuid);
    this.#records.delete(uuid);
    this.#emit({ ...NOTHING, removed: [uuid] });
  }

  /** Records a change of state that the machine reported. */
  stateChanged(uuid: string, event: StateEvent): void {
    const old = this.#records.get(uuid);
    if (old) this.#put(afterEvent(old, event, this.#nowMs()));
  }

  /** Tells how far the domain's job is, 0 to 1; steps below a hundredth are not worth telling. */
  progressed(uuid: string, progress: number): void {
    const old = this.#records.get(uuid);
    if (old?.job === undefined || Math.abs(progress - (old.progress ?? -1)) < 0.01) return;
    this.#put({ ...old, progress });
  }

  /**
   * Runs `work` as the domain's job when the state allows the verb.
   * @throws VmError operationInvalid, and whatever `work` throws
   */
  async run<T>(uuid: string, verb: Verb, work: () => Promise<T>): Promise<T> {
    const domain = this.get(uuid);
    // A start can be given up before there is anything that runs.
    const givesUp = verb === "destroy" && domain.job === "create";
    const error = givesUp ? null : refusal(verb, domain.state);
    if (error) throw error;
    if (domain.job !== undefined && verb !== "destroy") {
      throw vmError("operationInvalid", `another job ('${domain.job}') is still running`);
    }
    this.#put({ ...domain, job: verb });
    try {
      return await work();
    } finally {
      this.#clearJob(uuid, verb);
    }
  }

  #clearJob(uuid: string, verb: Verb): void {
    const now = this.#records.get(uuid);
    if (now?.job !== verb) return;
    const { job: _job, progress: _progress, ...rest } = now;
    this.#put(rest);
  }

  #put(domain: Domain): void {
    const { uuid } = domain.definition;
    const known = this.#records.has(uuid);
    this.#records.set(uuid, domain);
    this.#emit(known ? { ...NOTHING, updated: [domain] } : { ...NOTHING, added: [domain] });
  }

  #emit(diff: DomainDiff): void {
    this.#sorted = [...this.#records.values()].sort((a, b) =>
      a.definition.name < b.definition.name ? -1 : 1,
    );
    for (const listener of this.#listeners) listener(diff);
  }
}

/** The record after `event`: run times kept through pauses, forgotten at a new start. */
function afterEvent(old: Domain, event: StateEvent, nowMs: number): Domain {
  const { definition, job } = old;
  const starts = event.state === "running" && event.reason !== "unpaused";
  const pausedMs = old.state === "paused" ? nowMs - (old.changedAtMs ?? nowMs) : 0;
  const startedAtMs = starts ? nowMs : old.startedAtMs;
  return {
    definition,
    state: event.state,
    reason: event.reason,
    changedAtMs: nowMs,
    pausedForMs: starts ? 0 : old.pausedForMs + pausedMs,
    ...(startedAtMs === undefined ? {} : { startedAtMs }),
    ...(event.message === undefined ? {} : { message: event.message }),
    ...(event.exitCode === undefined ? {} : { exitCode: event.exitCode }),
    ...(job === undefined ? {} : { job }),
  };
}
