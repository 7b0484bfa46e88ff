/** Processors and memory. */
import { hostCpuModel } from "./capabilities.ts";
import type { Guest } from "./guest.ts";
import { integer } from "./numbers.ts";
import type { Rule } from "./rules.ts";

const HOST_MODES = new Set(["host-model", "host-passthrough"]);

/** Sets the model, as the only one that will do. */
function setModel(guest: Guest, model: string): void {
  const cpu = guest.domain.one("cpu");
  cpu.set("@migratable", null);
  if (model !== "") {
    cpu.set("@mode", "custom");
    cpu.preset("@match", "exact");
  }
  cpu.set("model", model);
}

/** What `--cpu` takes instead of a model; false for a model. */
function setMode(guest: Guest, wanted: string): boolean {
  const cpu = guest.domain.one("cpu");
  const mode = wanted === "default" ? "host-model-only" : wanted;
  if (HOST_MODES.has(mode)) {
    for (const path of ["model", "vendor", "model/@fallback", "@migratable", "@check"]) {
      cpu.set(path, null);
    }
    cpu.removeAll("features");
    cpu.set("@mode", mode);
  } else if (mode === "hv-default" || mode === "clear") {
    cpu.clear(false);
  } else if (mode === "host-model-only" || mode === "host-copy") {
    if (mode === "host-copy") {
      guest.around.warn("CPU mode=host-copy no longer supported, using mode=host-model-only");
    }
    const model = hostCpuModel(guest.around.capabilities);
    if (model !== undefined) {
      cpu.clear(false);
      setModel(guest, model);
    }
  } else {
    return false;
  }
  guest.cpuModeIsSet = true;
  return true;
}

/** Fills in what the topology leaves open. @throws Error where it does not fit */
export function completeTopology(guest: Guest, vcpus: bigint): void {
  const topology = guest.domain.one("cpu").one("topology");
  const number = (name: string): bigint => BigInt(topology.get(`@${name}`) ?? "0") || 1n;
  const total = (): bigint =>
    number("sockets") * number("dies") * number("cores") * number("threads");
  for (const name of ["cores", "sockets", "dies", "threads"]) {
    if (topology.get(`@${name}`) !== undefined) continue;
    topology.set(`@${name}`, name === "dies" ? "1" : (vcpus / total()).toString());
  }
  if (total() === vcpus) return;
  throw new Error(
    `Total CPUs implied by topology (sockets=${number("sockets")} * dies=${number("dies")} * ` +
      `cores=${number("cores")} * threads=${number("threads")} == ${total()}) ` +
      `does not match vCPU count ${vcpus}`,
  );
}

/** Makes vCPUs and topology agree, starting from `otherwise` where neither is given. */
export function syncTopology(guest: Guest, otherwise: number): void {
  const topology = guest.domain.one("cpu").one("topology");
  const hasTopology = !topology.isEmpty();
  if (guest.get("vcpu") === undefined) {
    const names = ["sockets", "dies", "cores", "threads"];
    const total = names.reduce((all, name) => all * BigInt(topology.get(`@${name}`) ?? "1"), 1n);
    guest.set("vcpu", hasTopology ? total.toString() : String(otherwise));
  }
  if (hasTopology) completeTopology(guest, BigInt(guest.get("vcpu") ?? "1"));
}

/** Sets the memory at the start, and the most where it would be less. */
export function setCurrentMemory(guest: Guest, kib: bigint): void {
  const most = guest.get("memory");
  if (most === undefined || BigInt(most) < kib) guest.set("memory", kib.toString());
  guest.set("currentMemory", kib.toString());
}

const toKib = (text: string): bigint => BigInt(integer(text)) * 1024n;

export const cpuRules: Readonly<Record<string, Rule>> = {
  cpuModel: ({ guest, text }) => {
    const wanted = text === "host" ? "host-model" : text === "none" ? "clear" : text;
    if (!setMode(guest, wanted)) setModel(guest, wanted);
  },
  cpuFeature: ({ part, row, text }) => {
    const policy = row.names[0] ?? "";
    for (const name of text.split("\0")) {
      const old = part.list("features").find((each) => each.get("@name") === name);
      const feature = old ?? part.add("features");
      if (!old) feature.set("@name", name);
      feature.set("@policy", policy);
    }
  },
  cpuSecure: ({ guest, value }) => {
    guest.cpuIsSecure = value === true;
  },
  cpuset: ({ guest, text }) =>
    text === "auto" ? guest.set("vcpu/@placement", "auto") : guest.set("vcpu/@cpuset", text),
  vcpus: ({ guest, value }) => {
    const count = value === null ? null : integer(String(value));
    const current = guest.get("vcpu/@current");
    if (count !== null && current !== undefined && BigInt(current) > BigInt(count)) {
      guest.set("vcpu/@current", count);
    }
    guest.set("vcpu", count);
  },
  mebibytes: ({ part, row, text }) => part.set(row.path ?? "", toKib(text).toString()),
  currentMemory: ({ guest, text }) => setCurrentMemory(guest, toKib(text)),
};
