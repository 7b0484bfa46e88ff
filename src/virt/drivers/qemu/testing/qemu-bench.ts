/** A QEMU driver without a host, opened for a test. */
import type { Calls } from "../../../driver/driver.ts";
import type { DomainRef } from "../../../driver/refs.ts";
import { openQemuHost, type QemuHost } from "../driver.ts";
import { type FakeMachine, FakePorts, MemoryFiles } from "./fake-ports.ts";

const UUID = "11111111-2222-3333-4444-555555555555";

/** A domain for tests: 128 MiB, a disk, a serial line and two consoles. */
export const xml = (name: string, extra = ""): string =>
  `<domain type='qemu'><name>${name}</name><uuid>${UUID}</uuid><memory unit='MiB'>128</memory>
   <os><type arch='riscv64' machine='virt'>hvm</type><kernel>/k</kernel><cmdline>a b</cmdline></os>
   ${extra}<devices><disk type='file'><driver type='qcow2' discard='unmap'/><source file='/d.img'/>
   <target dev='vda' bus='virtio'/></disk><serial type='pty'/>
   <console type='pty'><target type='serial'/></console>
   <console type='pty'><target type='virtio'/></console></devices></domain>`;

/** A QEMU driver on ports that tests play, and what it told. */
export interface QemuBench {
  readonly ports: FakePorts;
  readonly host: QemuHost;
  readonly calls: Calls;
  /** Of domains: lifecycle events as `event.detail`, others by their kind. */
  readonly events: readonly string[];
  /** Defines the domain `a` and starts it. */
  started(extra?: string): Promise<[DomainRef, FakeMachine]>;
  stateOf(domain: DomainRef): ReturnType<Calls["domainGetState"]>;
}

export async function openQemuBench(files = new MemoryFiles()): Promise<QemuBench> {
  const ports = new FakePorts(files);
  const host = await openQemuHost(ports, (name, error) => {
    throw new Error(`damaged: ${name}`, { cause: error });
  });
  const calls = host.connection() as Calls;
  const events: string[] = [];
  await calls.connectEvents((event) => {
    if (event.of !== "domain") return;
    const { event: what } = event;
    events.push(what.kind === "lifecycle" ? `${what.event}.${what.detail}` : what.kind);
  });
  return {
    ports,
    host,
    calls,
    events,
    started: async (extra = "") => {
      const domain = await calls.domainDefineXMLFlags(xml("a", extra), 0);
      const active = await calls.domainCreateWithFlags(domain, 0);
      return [active, ports.machines.at(-1)!];
    },
    stateOf: (domain) => calls.domainGetState(domain, 0),
  };
}
