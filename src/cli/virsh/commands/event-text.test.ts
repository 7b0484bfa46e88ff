import { expect, it } from "vitest";
import type { DomainEvent } from "../../../virt/driver/events.ts";
import { describeEvent } from "./event-text.ts";

const domain = { name: "a", uuid: "u", id: 1 };
const text = (event: DomainEvent): string => describeEvent({ of: "domain", domain, event });

it.each<[DomainEvent, string]>([
  [
    { kind: "lifecycle", event: 5, detail: 0 },
    "event 'lifecycle' for domain 'a': Stopped Shutdown",
  ],
  [{ kind: "reboot" }, "event 'reboot' for domain 'a'"],
  [
    { kind: "tray-change", devAlias: "scsi0-0-0-0", reason: 1 },
    "event 'tray-change' for domain 'a' disk scsi0-0-0-0: closed",
  ],
  [
    { kind: "agent-lifecycle", state: 1, reason: 2 },
    "event 'agent-lifecycle' for domain 'a': state: 'connected' reason: 'channel event'",
  ],
  [
    { kind: "tunable", params: [{ field: "blkdeviotune.disk", type: "string", value: "sda" }] },
    "event 'tunable' for domain 'a':\n\tblkdeviotune.disk: sda",
  ],
  [
    { kind: "metadata-change", type: 1, nsuri: null },
    "event 'metadata-change' for domain 'a': type title, uri <null>",
  ],
  [
    { kind: "block-job", disk: "/d", type: 2, status: 3 },
    "event 'block-job' for domain 'a': Block Copy for /d ready",
  ],
])("%o is told as real virsh does", (event, line) => {
  expect(text(event)).toBe(line);
});
