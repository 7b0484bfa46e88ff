/** `virsh event`. */
import type { Event } from "../../../virt/driver/events.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { EVENTS } from "../tables/events.ts";
import { timeoutMs } from "./common.ts";
import { collect } from "./events.ts";
import { findDomain } from "./lookup.ts";

/** The kinds of events of domains, in the order of `--list`. */
export const DOMAIN_EVENTS = [
  "lifecycle",
  "reboot",
  "rtc-change",
  "watchdog",
  "io-error",
  "graphics",
  "io-error-reason",
  "control-error",
  "block-job",
  "disk-change",
  "tray-change",
  "pm-wakeup",
  "pm-suspend",
  "balloon-change",
  "pm-suspend-disk",
  "device-removed",
  "block-job-2",
  "tunable",
  "agent-lifecycle",
  "device-added",
  "migration-iteration",
  "job-completed",
  "device-removal-failed",
  "metadata-change",
  "block-threshold",
  "memory-failure",
  "memory-device-size-change",
];

export const EVENT_RUNS: Runs<typeof EVENTS> = {
  event: async (session, command) => {
    command.exclusive("all", "event");
    command.exclusive("list", "all");
    command.exclusive("list", "event");
    if (command.has("list"))
      return session.print(DOMAIN_EVENTS.map((kind) => `${kind}\n`).join(""));
    const kind = command.text("event");
    const all = command.has("all");
    if (kind === undefined && !all) {
      throw new CommandError("one of --list, --all, or --event <type> is required");
    }
    if (kind !== undefined && !DOMAIN_EVENTS.includes(kind)) {
      throw new CommandError(`unknown event type ${kind}`);
    }
    const limitMs = timeoutMs(command);
    const name = command.text("domain");
    const domain = name === undefined ? null : await findDomain(session, name);
    return collect(
      session,
      command,
      limitMs,
      (event: Event) =>
        event.of === "domain" &&
        (kind === undefined || event.event.kind === kind) &&
        (domain === null || event.domain.uuid === domain.uuid),
    );
  },
};
