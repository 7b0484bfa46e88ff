/** The files of domains' EFI variables: what becomes of them with their domains. */
import { vmError } from "../../../protocol/vm-error.ts";
import { DomainUndefineFlags } from "../../driver/domain-flags.ts";
import type { XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { variablesOf } from "./firmware.ts";
import type { QemuState } from "./qemu-state.ts";

/** The caller says whether the variables of a domain go or stay. @throws VmError operationInvalid */
export async function removeVariables(
  { ports: { images, host } }: QemuState,
  domain: DomainObject,
  flags: number,
): Promise<void> {
  const path = domain.config ? variablesOf(domain.config, host) : undefined;
  if (path === undefined || !(await images.exists(path))) return;
  const { nvram, keepNvram } = DomainUndefineFlags;
  if ((flags & nvram) !== 0) await images.remove(path);
  else if ((flags & keepNvram) === 0) {
    throw vmError("operationInvalid", "cannot undefine domain with nvram");
  }
}

/**
 * Variables whose file is called as their domain have to follow it to a new name: they are copied before
 * the definition changes, so that a crash leaves each definition with its own.
 *
 * @returns removes what is left under the old name
 * @throws VmError systemError
 */
export async function copyVariables(
  { ports }: QemuState,
  before: XmlElement,
  after: XmlElement,
): Promise<() => Promise<void>> {
  const { images, host } = ports;
  const [from, to] = [variablesOf(before, host), variablesOf(after, host)];
  const isMoved = from !== undefined && to !== undefined && from !== to;
  if (!isMoved || !ports.createFile || !(await images.exists(from))) return async () => {};
  const file = await ports.createFile(to);
  try {
    await file.write(await images.read(from));
    await file.close();
  } catch (error) {
    await file.discard();
    throw error;
  }
  // A file that is left over is in nobody's way.
  return () => images.remove(from).catch(() => {});
}
