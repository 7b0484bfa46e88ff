/** Name, UUID, memory, vCPUs and boot: what every domain has. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import {
  childAt,
  childrenOf,
  type Draft,
  draft,
  draftText,
  ensureChild,
  removeChildren,
  setText,
} from "../../xml/draft.ts";
import { formatCpuset, kib, parseCpuset, sizeBytes } from "../values.ts";
import type { DomainContext } from "./context.ts";
import { fillCpuModel } from "./cpu.ts";
import { fillLoader } from "./loader.ts";

const CONF = { domain: ErrorDomain.domain } as const;
const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

export function fillBasics(domain: Draft, context: DomainContext): void {
  fillName(domain);
  fillUuid(domain, context);
  checkTitle(domain);
  fillMemory(domain);
  fillVcpus(domain);
  fillOs(domain, context);
  fillFeatures(domain);
  fillLoader(domain);
  fillCpuModel(domain);
}

function fillName(domain: Draft): void {
  const name = draftText(childAt(domain, "name") ?? draft("name"));
  if (name === "") throw vmError("noName", "", CONF);
  if (name.includes("/")) throw vmError("xmlError", `name ${name} cannot contain '/'`, CONF);
}

function fillUuid(domain: Draft, { newUuid }: DomainContext): void {
  const uuid = ensureChild(domain, "uuid");
  const text = draftText(uuid).trim();
  if (text === "") return setText(uuid, newUuid());
  if (!UUID.test(text)) throw vmError("internalError", "malformed uuid element", CONF);
  setText(uuid, formatUuid(text));
}

/** The UUID's text form in lower case with its dashes. */
export function formatUuid(text: string): string {
  const digits = text.replaceAll("-", "").toLowerCase();
  return [8, 12, 16, 20, 32].map((to, at) => digits.slice([0, 8, 12, 16, 20][at], to)).join("-");
}

function checkTitle(domain: Draft): void {
  const title = childAt(domain, "title");
  if (title && draftText(title).includes("\n")) {
    throw vmError("xmlError", "Domain title can't contain newlines", CONF);
  }
}

function fillMemory(domain: Draft): void {
  const memory = childAt(domain, "memory");
  const maxMemory = childAt(domain, "maxMemory");
  if (maxMemory) setKib(maxMemory, kib(sizeBytes(maxMemory)));
  const numa = childAt(domain, "cpu", "numa");
  if (!memory && !numa) {
    throw vmError(
      "xmlError",
      "Memory size must be specified via <memory> or in the <numa> configuration",
      CONF,
    );
  }
  const total = memory ? kib(sizeBytes(memory)) : cellsKib(numa);
  setKib(memory ?? ensureChild(domain, "memory"), total);
  const current = childAt(domain, "currentMemory");
  const wanted = current ? kib(sizeBytes(current)) : total;
  setKib(
    current ?? ensureChild(domain, "currentMemory"),
    wanted === 0n || wanted > total ? total : wanted,
  );
}

function cellsKib(numa: Draft | undefined): bigint {
  const cells = numa ? childrenOf(numa, "cell") : [];
  return cells.reduce((sum, cell) => sum + BigInt(cell.attributes.get("memory") ?? "0"), 0n);
}

function setKib(node: Draft, value: bigint): void {
  node.attributes.set("unit", "KiB");
  setText(node, value);
}

function fillVcpus(domain: Draft): void {
  const vcpu = ensureChild(domain, "vcpu");
  const text = draftText(vcpu).trim();
  const max = text === "" ? 1 : Number(text);
  if (!Number.isInteger(max) || max > 2 ** 32 - 1 || max < 0) {
    throw vmError("xmlError", "maximum vcpus count must be an integer", CONF);
  }
  if (max === 0) throw vmError("xmlError", "invalid maxvcpus 0", CONF);
  const current = Number(vcpu.attributes.get("current") ?? max);
  if (!Number.isInteger(current)) {
    throw vmError("xmlError", "current vcpus count must be an integer", CONF);
  }
  if (current > max) {
    throw vmError(
      "xmlError",
      `maxvcpus must not be less than current vcpus (${max} < ${current})`,
      CONF,
    );
  }
  const cpuset = vcpu.attributes.get("cpuset");
  const placement = vcpu.attributes.get("placement") ?? "static";
  vcpu.attributes = new Map([["placement", placement]]);
  if (cpuset !== undefined && placement === "static") {
    vcpu.attributes.set("cpuset", formatCpuset(parseCpuset(cpuset)));
  }
  if (current !== max) vcpu.attributes.set("current", String(current));
  setText(vcpu, max);
}

function fillOs(domain: Draft, { defaultArch, defaultMachine }: DomainContext): void {
  const os = ensureChild(domain, "os");
  const type = childAt(os, "type");
  if (!type || draftText(type) === "") {
    // An os without a type is one that boots as containers do.
    if (childAt(domain, "bootloader")) return;
    throw vmError("osType", "missing", CONF);
  }
  const {
    arch = defaultArch,
    machine = defaultMachine,
    ...rest
  } = Object.fromEntries(type.attributes);
  type.attributes = new Map(Object.entries({ arch, ...rest }));
  if (machine !== undefined) type.attributes.set("machine", machine);
  fillBoot(domain, os, draftText(type));
}

/** A guest that names no device to boot from boots from its disk. */
function fillBoot(domain: Draft, os: Draft, osType: string): void {
  if (osType !== "hvm") return;
  const devices = childAt(domain, "devices");
  const perDevice = devices && childrenOf(devices).some((each) => childAt(each, "boot"));
  if (perDevice) {
    if (childAt(os, "boot")) {
      throw vmError(
        "configUnsupported",
        "per-device boot elements cannot be used together with os/boot elements",
        CONF,
      );
    }
    return;
  }
  if (!childAt(os, "boot")) os.children.push(draft("boot", { dev: "hd" }));
}

function fillFeatures(domain: Draft): void {
  const features = childAt(domain, "features");
  if (features && childrenOf(features).length === 0) removeChildren(domain, "features");
}
