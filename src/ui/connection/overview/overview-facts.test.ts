import { describe, expect, it } from "vitest";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { connectionName } from "../connection-name.ts";
import { runningOf, versionText } from "./overview-facts.ts";

describe("the overview", () => {
  it.each([
    ["qemu:///system", "QEMU/KVM"],
    ["test:///default", "test (default)"],
    ["qemu+unix:///session", "QEMU/KVM (session)"],
    ["qemu+ssh://host/system", "QEMU/KVM: host"],
    ["nonsense", "nonsense"],
  ])("calls %s %s", (uri, name) => {
    expect(connectionName(uri)).toBe(name);
  });

  it("tells versions as people do", () => {
    expect(versionText("QEMU", 9_002_001)).toBe("QEMU 9.2.1");
    expect(versionText("TEST", 2)).toBe("TEST 0.0.2");
  });

  it("counts what runs, and not what is only defined", () => {
    const domain = (vcpus: string, memory: number) =>
      parseXml(`<domain><memory>${memory}</memory>${vcpus}</domain>`, "domain");
    const domains = [
      { live: domain("<vcpu current='2'>4</vcpu>", 1024), definition: domain("", 9) },
      { live: domain("<vcpu>1</vcpu>", 512), definition: domain("", 9) },
      { live: null, definition: domain("<vcpu>8</vcpu>", 4096) },
    ] as unknown as readonly ManagedDomain[];
    expect(runningOf(domains)).toEqual({ count: 2, vcpus: 3, memoryKib: 1536 });
  });
});
