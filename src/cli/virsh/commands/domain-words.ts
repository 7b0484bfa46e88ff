/** States and reasons of domains in virsh's words. */
import { DomainState } from "../../../virt/driver/domain-flags.ts";

const STATES = [
  "no state",
  "running",
  "idle",
  "paused",
  "in shutdown",
  "shut off",
  "crashed",
  "pmsuspended",
];

const REASONS: Readonly<Record<number, readonly string[]>> = {
  [DomainState.nostate]: ["unknown"],
  [DomainState.running]: [
    "unknown",
    "booted",
    "migrated",
    "restored",
    "from snapshot",
    "unpaused",
    "migration canceled",
    "save canceled",
    "event wakeup",
    "crashed",
    "post-copy",
    "post-copy failed",
  ],
  [DomainState.blocked]: ["unknown"],
  [DomainState.paused]: [
    "unknown",
    "user",
    "migrating",
    "saving",
    "dumping",
    "I/O error",
    "watchdog",
    "from snapshot",
    "shutting down",
    "creating snapshot",
    "crashed",
    "starting up",
    "post-copy",
    "post-copy failed",
  ],
  [DomainState.shutdown]: ["unknown", "user"],
  [DomainState.shutoff]: [
    "unknown",
    "shutdown",
    "destroyed",
    "crashed",
    "migrated",
    "saved",
    "failed",
    "from snapshot",
    "daemon",
  ],
  [DomainState.crashed]: ["unknown", "panicked"],
  [DomainState.pmsuspended]: ["unknown"],
};

export function stateText(state: number): string {
  return STATES[state] ?? "no state";
}

export function reasonText(state: number, reason: number): string {
  return REASONS[state]?.[reason] ?? "unknown";
}
