/** The commands of `virsh help events`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";
import { LIST_EVENTS, LOOP_EVENTS, TIMEOUT, TIMESTAMP } from "./rows.ts";

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
      loop: LOOP_EVENTS,
      timeout: TIMEOUT,
      list: LIST_EVENTS,
      timestamp: TIMESTAMP,
    },
  },
} as const satisfies CommandTable;
