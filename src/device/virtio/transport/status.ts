/** The device status field and how a driver may move it (virtio 1.3 §2.1, §3.1.1). */

export const Status = {
  acknowledge: 1,
  driver: 2,
  driverOk: 4,
  featuresOk: 8,
  needsReset: 64,
  failed: 128,
} as const;

/** What a status bit means to the transport when the driver sets it. */
export type StatusAction = "none" | "checkFeatures" | "activate" | "deactivate";

interface Step {
  readonly bit: number;
  /** Bits that must stand before. */
  readonly after: number;
  readonly action: StatusAction;
}

/** In the order in which several new bits of one write are taken. */
export const STATUS_STEPS: readonly Step[] = [
  { bit: Status.acknowledge, after: 0, action: "none" },
  { bit: Status.driver, after: Status.acknowledge, action: "none" },
  { bit: Status.featuresOk, after: Status.acknowledge | Status.driver, action: "checkFeatures" },
  {
    bit: Status.driverOk,
    after: Status.acknowledge | Status.driver | Status.featuresOk,
    action: "activate",
  },
  { bit: Status.failed, after: 0, action: "deactivate" },
];

/** The steps that a write takes, or why it is against the rules. */
export type StatusMove =
  | { readonly kind: "reset" }
  | { readonly kind: "steps"; readonly steps: readonly Step[] }
  | { readonly kind: "refused"; readonly why: string };

/** Judges a write of `value` while the status is `current`. */
export function statusMove(current: number, value: number): StatusMove {
  if (value === 0) return { kind: "reset" };
  // The driver cannot clear bits but by reset (§2.1.1), and needsReset is the device's alone.
  const kept = current & ~Status.needsReset;
  if ((value & kept) !== kept) return { kind: "refused", why: "clears status bits" };
  const steps = STATUS_STEPS.filter(({ bit }) => (value & ~current & bit) !== 0);
  let standing = current;
  for (const { bit, after } of steps) {
    if ((standing & after) !== after) return { kind: "refused", why: "skips status bits" };
    standing |= bit;
  }
  return { kind: "steps", steps };
}

/** Steps of a driver of the legacy interface: it knows no FEATURES_OK and may skip what it likes. */
const LEGACY_STEPS: readonly Step[] = [
  { bit: Status.acknowledge, after: 0, action: "none" },
  { bit: Status.driver, after: 0, action: "none" },
  { bit: Status.driverOk, after: 0, action: "activate" },
  { bit: Status.failed, after: 0, action: "deactivate" },
];

/** Judges a write through the legacy interface (§3.1.2). */
export function legacyStatusMove(current: number, value: number): StatusMove {
  if (value === 0) return { kind: "reset" };
  return {
    kind: "steps",
    steps: LEGACY_STEPS.filter(({ bit }) => (value & ~current & bit) !== 0),
  };
}
