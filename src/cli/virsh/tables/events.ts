/** The commands of `virsh help events`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";

export const EVENTS = {
  event: {
    summary: "Domain Events",
    description: "List event types, or wait for domain events to occur",
    options: {
      domain: {
        kind: "string",
        completes: "domain-name",
        help: "filter by domain name, id or uuid",
      },
      event: {
        kind: "string",
        completes: "domain-event-name",
        help: "which event type to wait for",
      },
      all: { kind: "bool", help: "wait for all events instead of just one type" },
      loop: { kind: "bool", help: "loop until timeout or interrupt, rather than one-shot" },
      timeout: { kind: "int", help: "timeout seconds" },
      list: { kind: "bool", help: "list valid event types" },
      timestamp: { kind: "bool", help: "show timestamp for each printed event" },
    },
  },
} as const satisfies CommandTable;
