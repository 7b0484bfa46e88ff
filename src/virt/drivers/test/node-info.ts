/** The pretended host: how big it is, and what a file of objects says instead. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { NodeInfo } from "../../driver/host-calls.ts";
import { textAt, type XmlElement } from "../../xml/element.ts";
import { TEST } from "./state.ts";

/** The longest model that libvirt has room for, characters. */
const MAX_MODEL = 31;

/** `info` but for what `<node>` says of `<cpu>` and `<memory>`. @throws VmError xmlError, internalError */
export function nodeInfoOf(node: XmlElement, info: NodeInfo): NodeInfo {
  const number = (path: readonly string[]): number | undefined => {
    const text = textAt(node, ...path)?.trim();
    if (text === undefined || text === "") return undefined;
    if (/^\d+$/.test(text)) return Number(text);
    throw vmError("xmlError", `invalid node ${path.join(" ")} value`, TEST);
  };
  const nodes = number(["cpu", "nodes"]) ?? info.nodes;
  const sockets = number(["cpu", "sockets"]) ?? info.sockets;
  const cores = number(["cpu", "cores"]) ?? info.cores;
  const threads = number(["cpu", "threads"]) ?? info.threads;
  const all = nodes * sockets * cores * threads;
  const cpus = Math.min(all, number(["cpu", "active"]) ?? all);
  const mhz = number(["cpu", "mhz"]) ?? info.mhz;
  const model = textAt(node, "cpu", "model") ?? info.model;
  if (model.length > MAX_MODEL) {
    throw vmError("internalError", `Model ${model} too big for destination`, TEST);
  }
  const memoryKib = number(["memory"]) ?? info.memoryKib;
  return { model, memoryKib, cpus, mhz, nodes, sockets, cores, threads };
}
