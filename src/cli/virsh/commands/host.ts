/** The commands about the host and its hypervisor. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { HOST } from "../tables/host.ts";
import { HOST_CPU_RUNS } from "./host-cpu.ts";
import { HOST_MEMORY_RUNS } from "./host-memory.ts";

export const HOST_RUNS: Runs<typeof HOST> = {
  ...HOST_CPU_RUNS,
  ...HOST_MEMORY_RUNS,
  capabilities: async (session) => {
    const connect = await session.connect();
    const xml = await session.attempt("failed to get capabilities", () =>
      connect.connectGetCapabilities(),
    );
    session.print(xml);
  },
  domcapabilities: async (session, command) => {
    const type = command.text("virttype") ?? null;
    const emulator = command.text("emulatorbin") ?? null;
    const arch = command.text("arch") ?? null;
    const machine = command.text("machine") ?? null;
    const connect = await session.connect();
    session.print(
      await session.attempt("failed to get emulator capabilities", () =>
        connect.connectGetDomainCapabilities(emulator, arch, machine, type, 0),
      ),
    );
  },
  hostname: async (session) => {
    const connect = await session.connect();
    session.print(
      `${await session.attempt("failed to get hostname", () => connect.connectGetHostname())}\n`,
    );
  },
  maxvcpus: async (session, command) => {
    const connect = await session.connect();
    session.print(`${await connect.connectGetMaxVcpus(command.text("type") ?? null)}\n`);
  },
  nodeinfo: async (session) => {
    const connect = await session.connect();
    const info = await session.attempt("failed to get node information", () =>
      connect.nodeGetInfo(),
    );
    const line = (name: string, value: string | number): string => `${name.padEnd(20)} ${value}\n`;
    session.print(
      [
        line("CPU model:", info.model),
        line("CPU(s):", info.cpus),
        ...(info.mhz === 0 ? [] : [line("CPU frequency:", `${info.mhz} MHz`)]),
        line("CPU socket(s):", info.sockets),
        line("Core(s) per socket:", info.cores),
        line("Thread(s) per core:", info.threads),
        line("NUMA cell(s):", info.nodes),
        line("Memory size:", `${info.memoryKib} KiB`),
      ].join(""),
    );
  },
  nodesevinfo: async (session) => {
    session.error("Unable to get host SEV information");
    throw vmError("noSupport", "virNodeGetSEVInfo", { domain: ErrorDomain.none });
  },
  nodesuspend: async (session, command) => {
    const targets = ["mem", "disk", "hybrid"];
    const name = command.required("target");
    const target = targets.indexOf(name);
    if (target < 0) throw new CommandError("Invalid target");
    const duration = command.wholeBig("duration", "longlong") ?? 0n;
    if (duration < 0n) throw new CommandError("Invalid duration");
    const connect = await session.connect();
    await session.attempt("The host was not suspended", () =>
      connect.nodeSuspendForDuration(target, duration, 0),
    );
  },
  sysinfo: async (session) => {
    const connect = await session.connect();
    session.print(
      await session.attempt("failed to get sysinfo", () => connect.connectGetSysinfo(0)),
    );
  },
  uri: async (session) => {
    const connect = await session.connect();
    session.print(`${connect.uri}\n`);
  },
  version: async (session, command) => {
    const connect = await session.connect();
    const type = await session.attempt("failed to get hypervisor type", () =>
      connect.connectGetType(),
    );
    session.print(
      `Compiled against library: libvirt ${LIBRARY}\nUsing library: libvirt ${LIBRARY}\nUsing API: ${type} ${LIBRARY}\n`,
    );
    const version = await session.attempt("failed to get the hypervisor version", () =>
      connect.connectGetVersion(),
    );
    session.print(
      version === 0
        ? `Cannot extract running ${type} hypervisor version\n`
        : `Running hypervisor: ${type} ${versionText(version)}\n`,
    );
    if (command.has("daemon")) session.print(`Running against daemon: ${LIBRARY}\n`);
  },
};

/** The version of libvirt whose interface this is. */
const LIBRARY = "9.0.0";

function versionText(version: number): string {
  return `${Math.floor(version / 1_000_000)}.${Math.floor(version / 1000) % 1000}.${version % 1000}`;
}
