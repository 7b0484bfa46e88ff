/** A domain's state in words: what it is in, and why where that is worth a line. */
import {
  DomainPausedReason as Paused,
  DomainShutoffReason as Shutoff,
  DomainState as State,
} from "../../virt/driver/domain-flags.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import type { Translate } from "../i18n/catalogue.ts";

/** As users search for it: `state:running`. */
export type StateWord =
  | "running"
  | "paused"
  | "shutdown"
  | "shutoff"
  | "saved"
  | "crashed"
  | "pmsuspended";

/** In the order of a list by state: what runs first, then what wants attention. */
export const STATE_WORDS: readonly StateWord[] = [
  "running",
  "crashed",
  "paused",
  "pmsuspended",
  "shutdown",
  "saved",
  "shutoff",
];

type Situation = Pick<ManagedDomain, "state" | "reason" | "hasManagedSave">;

export function stateWord({ state, hasManagedSave }: Situation): StateWord {
  switch (state) {
    case State.paused:
      return "paused";
    case State.shutdown:
      return "shutdown";
    case State.shutoff:
      return hasManagedSave ? "saved" : "shutoff";
    case State.crashed:
      return "crashed";
    case State.pmsuspended:
      return "pmsuspended";
    default:
      return "running";
  }
}

/** Something went wrong: the reason, and what the machine said of it. Empty while all is well. */
export function troubleText(domain: Situation & Pick<ManagedDomain, "messages">, t: Translate) {
  const reason = troubleOf(domain, t);
  const message = domain.messages.at(-1);
  if (reason === "" || message === undefined) return reason;
  return t("trouble.withMessage", { reason, message });
}

function troubleOf({ state, reason }: Situation, t: Translate): string {
  if (state === State.crashed) return t("trouble.crashed");
  if (state === State.paused) {
    if (reason === Paused.ioerror) return t("trouble.ioerror");
    if (reason === Paused.watchdog) return t("trouble.watchdog");
    if (reason === Paused.crashed) return t("trouble.panicked");
  }
  if (state === State.shutoff) {
    if (reason === Shutoff.crashed) return t("trouble.hasCrashed");
    if (reason === Shutoff.failed) return t("trouble.failed");
  }
  return "";
}
