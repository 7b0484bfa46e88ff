import type { Errno } from "../../errors.ts";

/** Requests that errors can be injected into. */
export const IO_TYPES = [
  "read",
  "write",
  "write-zeroes",
  "discard",
  "flush",
  "block-status",
] as const;
export type IoType = (typeof IO_TYPES)[number];

/** What formats announce, in QEMU's words; rules wait for these. */
export const EVENTS: ReadonlySet<string> = new Set([
  "l1_update",
  "l1_grow_alloc_table",
  "l1_grow_write_table",
  "l1_grow_activate_table",
  "l2_load",
  "l2_update",
  "l2_update_compressed",
  "l2_alloc_cow_read",
  "l2_alloc_write",
  "read_aio",
  "read_backing_aio",
  "read_compressed",
  "write_aio",
  "write_compressed",
  "vmstate_load",
  "vmstate_save",
  "cow_read",
  "cow_write",
  "reftable_load",
  "reftable_grow",
  "reftable_update",
  "refblock_load",
  "refblock_update",
  "refblock_update_part",
  "refblock_alloc",
  "refblock_alloc_hookup",
  "refblock_alloc_write",
  "refblock_alloc_write_blocks",
  "refblock_alloc_write_table",
  "refblock_alloc_switch_table",
  "cluster_alloc",
  "cluster_alloc_bytes",
  "cluster_free",
  "flush_to_os",
  "flush_to_disk",
  "pwritev_rmw_head",
  "pwritev_rmw_after_head",
  "pwritev_rmw_tail",
  "pwritev_rmw_after_tail",
  "pwritev",
  "pwritev_zero",
  "pwritev_done",
  "empty_image_prepare",
  "l1_shrink_write_table",
  "l1_shrink_free_l2_clusters",
  "cor_write",
  "cluster_alloc_space",
  "none",
]);

/** What happens at an event, in one state of the machine or (0) in all. */
export type Rule = { readonly event: string; readonly state: number } & (
  | ({ readonly kind: "inject" } & Injection)
  | { readonly kind: "set-state"; readonly newState: number }
  | { readonly kind: "suspend"; readonly tag: string }
);

/** The error that requests end with from the event on. */
export interface Injection {
  readonly errno: Errno;
  readonly types: readonly IoType[];
  /** Only requests that touch this byte. */
  readonly offset: number | undefined;
  /** Only the first of them. */
  readonly once: boolean;
}

type InjectRule = Rule & { kind: "inject" };

/**
 * The rules and the state that they lead through. The errors of the last event that injects any
 * stay in force until another one does.
 */
export class RuleMachine {
  #rules: Rule[];
  #active: InjectRule[] = [];
  #state = 1;

  constructor(rules: readonly Rule[]) {
    this.#rules = [...rules];
    this.happen("none");
  }

  /** @returns the tags of breakpoints that were hit; they are gone now */
  happen(event: string): readonly string[] {
    const rules = this.#rules.filter(
      (rule) => rule.event === event && (rule.state === 0 || rule.state === this.#state),
    );
    const injected = rules.filter((rule): rule is InjectRule => rule.kind === "inject");
    if (injected.length > 0) this.#active = injected.toReversed();
    const suspended = rules.flatMap((rule) => (rule.kind === "suspend" ? [rule.tag] : []));
    if (suspended.length > 0)
      this.#rules = this.#rules.filter((rule) => rule.kind !== "suspend" || !rules.includes(rule));
    const next = rules.findLast((rule) => rule.kind === "set-state");
    if (next?.kind === "set-state") this.#state = next.newState;
    return suspended;
  }

  /** The error that a request ends with, if any. `length` is 0 for requests without a place. */
  errorOf(type: IoType, offset: number, length: number): Errno | undefined {
    const rule = this.#active.find(
      ({ types, offset: place }) =>
        types.includes(type) &&
        (place === undefined || (place >= offset && place < offset + length)),
    );
    if (rule === undefined) return undefined;
    if (rule.once) {
      this.#active = this.#active.filter((other) => other !== rule);
      this.#rules = this.#rules.filter((other) => other !== rule);
    }
    return rule.errno;
  }

  addBreakpoint(event: string, tag: string): void {
    this.#rules.push({ kind: "suspend", event, tag, state: 0 });
  }

  /** @returns false when there was none with this tag */
  removeBreakpoints(tag: string): boolean {
    const before = this.#rules.length;
    this.#rules = this.#rules.filter((rule) => rule.kind !== "suspend" || rule.tag !== tag);
    return this.#rules.length < before;
  }
}
