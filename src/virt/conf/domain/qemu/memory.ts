/** A guest's memory, as the qemu driver counts it. */
import {
  childAt,
  childrenOf,
  type Draft,
  draftText,
  ensureChild,
  setText,
} from "../../../xml/draft.ts";
import { kib, scaled } from "../../values.ts";
import type { QemuDomainOptions } from "./context.ts";

/** KiB to which memory is rounded up when a domain starts. */
const STEP_KIB = 1024n;

/** A new domain has as much memory as its NUMA cells have together. */
export function fillNumaMemory(domain: Draft, { newDomain }: QemuDomainOptions): void {
  const numa = childAt(domain, "cpu", "numa");
  if (!numa || !newDomain) return;
  const total = childrenOf(numa, "cell").reduce((sum, cell) => sum + cellKib(cell), 0n);
  if (total > 0n) setMemory(domain, total);
}

function cellKib(cell: Draft): bigint {
  const size = cell.attributes.get("memory") ?? "0";
  return kib(scaled(BigInt(size), cell.attributes.get("unit") ?? "KiB"));
}

/** Rounds memory up to what the machine can have, as libvirt does when the domain starts. */
export function roundMemory(domain: Draft): void {
  const total = BigInt(draftText(ensureChild(domain, "memory")) || "0");
  const rounded = ((total + STEP_KIB - 1n) / STEP_KIB) * STEP_KIB;
  if (rounded === total) return;
  const current = ensureChild(domain, "currentMemory");
  if (BigInt(draftText(current) || "0") === total) setText(current, rounded);
  setText(ensureChild(domain, "memory"), rounded);
}

/** Sets the maximum, and cuts what the guest has now down to it. */
function setMemory(domain: Draft, total: bigint): void {
  const before = BigInt(draftText(ensureChild(domain, "memory")) || "0");
  const current = ensureChild(domain, "currentMemory");
  const wanted = BigInt(draftText(current) || "0");
  setText(ensureChild(domain, "memory"), total);
  if (wanted > total || wanted === before) setText(current, total);
}
