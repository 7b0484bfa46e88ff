/** Events as virsh prints them. */
import { DomainEventType } from "../../../virt/driver/domain-flags.ts";
import type { DomainEvent, Event } from "../../../virt/driver/events.ts";

const LIFECYCLE = [
  "Defined",
  "Undefined",
  "Started",
  "Suspended",
  "Resumed",
  "Stopped",
  "Shutdown",
  "PMSuspended",
  "Crashed",
];

/** The details of each lifecycle event, by their numbers. */
const DETAILS: Readonly<Record<number, readonly string[]>> = {
  [DomainEventType.defined]: ["Added", "Updated", "Renamed", "Snapshot"],
  [DomainEventType.undefined]: ["Removed", "Renamed"],
  [DomainEventType.started]: ["Booted", "Migrated", "Restored", "Snapshot", "Event wakeup"],
  [DomainEventType.suspended]: [
    "Paused",
    "Migrated",
    "I/O Error",
    "Watchdog",
    "Restored",
    "Snapshot",
    "API error",
    "Post-copy",
    "Post-copy Error",
  ],
  [DomainEventType.resumed]: ["Unpaused", "Migrated", "Snapshot", "Post-copy", "Post-copy Error"],
  [DomainEventType.stopped]: [
    "Shutdown",
    "Destroyed",
    "Crashed",
    "Migrated",
    "Saved",
    "Failed",
    "Snapshot",
  ],
  [DomainEventType.shutdown]: [
    "Finished",
    "Finished after guest request",
    "Finished after host request",
  ],
  [DomainEventType.pmsuspended]: ["Memory", "Disk"],
  [DomainEventType.crashed]: ["Panicked", "Crashloaded"],
};

const OBJECT_EVENTS = {
  network: ["Defined", "Undefined", "Started", "Stopped"],
  pool: ["Defined", "Undefined", "Started", "Stopped", "Created", "Deleted"],
  nodedev: ["Created", "Deleted", "Defined", "Undefined"],
  secret: ["Defined", "Undefined"],
} as const;

/** One line for an event, without its end. */
export function describeEvent(event: Event): string {
  switch (event.of) {
    case "domain":
      return domainText(event.domain.name, event.event);
    case "network":
      return `event 'lifecycle' for network ${event.network.name}: ${OBJECT_EVENTS.network[event.event] ?? "unknown"}`;
    case "pool":
      return `event 'lifecycle' for storage pool ${event.pool.name}: ${OBJECT_EVENTS.pool[event.event] ?? "unknown"}`;
    case "pool-refresh":
      return `event 'refresh' for storage pool ${event.pool.name}`;
    case "nodedev":
      return `event 'lifecycle' for node device ${event.device.name}: ${OBJECT_EVENTS.nodedev[event.event] ?? "unknown"}`;
    case "nodedev-update":
      return `event 'update' for node device ${event.device.name}`;
    case "secret":
      return `event 'lifecycle' for secret ${event.secret.uuid}: ${OBJECT_EVENTS.secret[event.event] ?? "unknown"}`;
    case "secret-value-changed":
      return `event 'value-changed' for secret ${event.secret.uuid}`;
  }
}

function domainText(name: string, event: DomainEvent): string {
  const head = `event '${event.kind}' for domain '${name}'`;
  const detail = detailOf(event);
  return detail === "" ? head : `${head}: ${detail}`;
}

const ACTIONS = ["none", "pause", "report"];

function detailOf(event: DomainEvent): string {
  switch (event.kind) {
    case "lifecycle":
      return `${LIFECYCLE[event.event] ?? "unknown"} ${DETAILS[event.event]?.[event.detail] ?? "unknown"}`;
    case "rtc-change":
      return String(event.utcOffset);
    case "io-error":
    case "io-error-reason": {
      const action = ACTIONS[event.action] ?? "unknown";
      const due = event.kind === "io-error" ? "" : ` due to ${event.reason}`;
      return `${event.srcPath} (${event.devAlias}) ${action}${due}`;
    }
    case "block-job":
    case "block-job-2":
      return `${event.type} for ${event.disk} ${event.status}`;
    case "disk-change":
      return `${event.devAlias} ${event.oldSrcPath} -> ${event.newSrcPath}: ${event.reason}`;
    case "tray-change":
      return `${event.devAlias}: ${event.reason === 0 ? "opened" : "closed"}`;
    case "balloon-change":
      return `${event.actual}KiB`;
    case "device-added":
    case "device-removed":
    case "device-removal-failed":
      return event.devAlias;
    case "migration-iteration":
      return `iteration: '${event.iteration}'`;
    case "tunable":
    case "job-completed":
      return `\n${event.params.map(({ field, value }) => `\t${field}: ${value}`).join("\n")}`;
    case "metadata-change":
      return `type ${["description", "title", "element"][event.type] ?? "unknown"}, uri ${event.nsuri ?? ""}`;
    case "block-threshold":
      return `dev: ${event.dev}(${event.path}) ${event.threshold} ${event.excess}`;
    case "memory-device-size-change":
      return `alias: ${event.alias} size: ${event.size}`;
    case "watchdog":
      return (
        ["none", "pause", "reset", "poweroff", "shutdown", "debug", "inject-nmi"][event.action] ??
        "unknown"
      );
    default:
      return "";
  }
}
