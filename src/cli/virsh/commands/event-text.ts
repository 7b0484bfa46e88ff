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

/** An event's lines, without the last one's end. */
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
  if (event.kind === "disk-change" || event.kind === "tray-change") {
    return `${head} disk ${event.devAlias}: ${detailOf(event)}`;
  }
  const detail = detailOf(event);
  return detail === "" ? head : `${head}:${detail.startsWith("\n") ? "" : " "}${detail}`;
}

const ACTIONS = ["none", "pause", "report"];
const BLOCK_JOBS = ["unknown", "Block Pull", "Block Copy", "Block Commit", "Active Block Commit"];
const JOB_STATES = ["completed", "failed", "canceled", "ready"];
const WATCHDOGS = ["none", "pause", "reset", "poweroff", "shutdown", "debug", "inject-nmi"];
const AGENT_STATES = ["unknown", "connected", "disconnected"];
const AGENT_REASONS = ["unknown", "domain started", "channel event"];
const METADATA = ["description", "title", "element"];
const RECIPIENTS = ["hypervisor", "guest"];
const FAILURES = ["ignore", "inject", "fatal", "reset"];

function word(words: readonly string[], number: number): string {
  return words[number] ?? "unknown";
}

function detailOf(event: DomainEvent): string {
  switch (event.kind) {
    case "lifecycle":
      return `${word(LIFECYCLE, event.event)} ${word(DETAILS[event.event] ?? [], event.detail)}`;
    case "rtc-change":
      return String(event.utcOffset);
    case "io-error":
    case "io-error-reason": {
      const due = event.kind === "io-error" ? "" : ` due to ${event.reason}`;
      return `${event.srcPath} (${event.devAlias}) ${word(ACTIONS, event.action)}${due}`;
    }
    case "block-job":
    case "block-job-2":
      return `${word(BLOCK_JOBS, event.type)} for ${event.disk} ${word(JOB_STATES, event.status)}`;
    case "disk-change":
      return `${event.oldSrcPath} -> ${event.newSrcPath}: ${word(["changed", "dropped"], event.reason)}`;
    case "tray-change":
      return word(["opened", "closed"], event.reason);
    case "balloon-change":
      return `${event.actual}KiB`;
    case "device-added":
    case "device-removed":
    case "device-removal-failed":
      return event.devAlias;
    case "agent-lifecycle":
      return `state: '${word(AGENT_STATES, event.state)}' reason: '${word(AGENT_REASONS, event.reason)}'`;
    case "migration-iteration":
      return `iteration: '${event.iteration}'`;
    case "tunable":
    case "job-completed":
      return event.params.map(({ field, value }) => `\n\t${field}: ${value}`).join("");
    case "metadata-change":
      return `type ${word(METADATA, event.type)}, uri ${event.nsuri ?? "<null>"}`;
    case "block-threshold":
      return `dev: ${event.dev}(${event.path}) ${event.threshold} ${event.excess}`;
    case "memory-device-size-change":
      return `\nalias: ${event.alias}\nsize: ${event.size}`;
    case "memory-failure":
      return `\nrecipient: ${word(RECIPIENTS, event.recipient)}\naction: ${word(FAILURES, event.action)}`;
    case "watchdog":
      return word(WATCHDOGS, event.action);
    default:
      return "";
  }
}
