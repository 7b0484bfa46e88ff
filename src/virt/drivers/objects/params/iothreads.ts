/** A definition's I/O threads. */
import { type ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import { devicesOf, diskTarget, ensurePath } from "../../../conf/domain/view.ts";
import { childrenOf, type Draft, draft, removeChildren, setText } from "../../../xml/draft.ts";
import { childElements, find, textAt, type XmlElement } from "../../../xml/element.ts";
import { unpin } from "./pins.ts";

/** Those that have no number get the lowest free ones (virDomainIOThreadIDDefArrayInit). */
export function iothreadIds(definition: XmlElement): number[] {
  const list = find(definition, "iothreadids");
  const ids = (list ? childElements(list, "iothread") : []).map((each) =>
    Number(each.attributes.get("id")),
  );
  const count = Number(textAt(definition, "iothreads") ?? 0);
  for (let id = 1; ids.length < count; id++) if (!ids.includes(id)) ids.push(id);
  return ids;
}

/** @throws VmError invalidArg for 0, which is no thread's */
export function checkIothreadId(id: number, errors: ErrorDomain): void {
  if (id === 0) {
    throw vmError("invalidArg", "invalid value of 0 for iothread_id", { domain: errors });
  }
}

/** @throws VmError invalidArg where the number is taken */
export function addingIothread(
  definition: XmlElement,
  id: number,
  errors: ErrorDomain,
): (draft: Draft) => void {
  const ids = iothreadIds(definition);
  if (ids.includes(id)) {
    const words = `an IOThread is already using iothread_id '${id}'`;
    throw vmError("invalidArg", words, { domain: errors });
  }
  return (edited) => setIds(edited, [...ids, id]);
}

/** @throws VmError invalidArg where there is none, or something uses it */
export function removingIothread(
  definition: XmlElement,
  id: number,
  errors: ErrorDomain,
): (draft: Draft) => void {
  const refuse = (words: string): never => {
    throw vmError("invalidArg", words, { domain: errors });
  };
  const ids = iothreadIds(definition);
  if (!ids.includes(id)) refuse(`cannot find IOThread '${id}' in iothreadids list`);
  const uses = (device: XmlElement): boolean =>
    find(device, "driver")?.attributes.get("iothread") === String(id);
  const disk = devicesOf(definition, "disk").find(uses);
  if (disk) {
    refuse(`cannot remove IOThread ${id} since it is being used by disk '${diskTarget(disk)}'`);
  }
  if (devicesOf(definition, "controller").some(uses)) {
    refuse(`cannot remove IOThread '${id}' since it is being used by controller`);
  }
  return (edited) => {
    setIds(
      edited,
      ids.filter((each) => each !== id),
    );
    unpin(edited, "iothread", id);
  };
}

/** Attributes of threads that stay are kept. */
function setIds(definition: Draft, ids: readonly number[]): void {
  if (ids.length === 0) {
    removeChildren(definition, ({ name }) => name === "iothreads" || name === "iothreadids");
    return;
  }
  const list = ensurePath(definition, "iothreadids");
  const old = childrenOf(list, "iothread");
  list.children = ids.map(
    (id) =>
      old.find((each) => each.attributes.get("id") === String(id)) ?? draft("iothread", { id }),
  );
  setText(ensurePath(definition, "iothreads"), ids.length);
}

/** The element of a thread, made where it had its number by itself. */
export function iothreadElement(definition: Draft, id: number, ids: readonly number[]): Draft {
  setIds(definition, ids);
  const list = ensurePath(definition, "iothreadids");
  const found = childrenOf(list, "iothread").find(
    (each) => each.attributes.get("id") === String(id),
  );
  return found ?? ensurePath(list, "iothread");
}
