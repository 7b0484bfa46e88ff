/** How many workers an I/O thread has, and how it polls: the latter has no place in a definition. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { TypedParams } from "../../driver/typed-params.ts";
import type { Draft } from "../../xml/draft.ts";
import { childElements, find, type XmlElement } from "../../xml/element.ts";
import { iothreadElement, iothreadIds } from "../objects/params/iothreads.ts";
import { QEMU } from "./qemu-state.ts";

export const POLL_FIELDS = ["poll_max_ns", "poll_grow", "poll_shrink"] as const;
export const POOL_FIELDS = ["thread_pool_min", "thread_pool_max"] as const;

const INT_MAX = 2_147_483_647;

/** @throws VmError configUnsupported for values that QEMU does not take */
export function checkPoolParams(params: TypedParams): void {
  const refuse = (words: string): never => {
    throw vmError("configUnsupported", words, QEMU);
  };
  for (const { field, value } of params) {
    if (field.startsWith("poll_") && Number(value) > INT_MAX) {
      const name = field.replaceAll("_", "-");
      refuse(`${name} (${value}) must be less than or equal to ${INT_MAX}`);
    }
    if (field === "thread_pool_min" && Number(value) < -1) {
      refuse(`thread_pool_min (${value}) must be equal to or greater than -1`);
    }
    if (field === "thread_pool_max" && (Number(value) < -1 || Number(value) === 0)) {
      refuse(`thread_pool_max (${value}) must be a positive number or -1`);
    }
  }
}

/** @throws VmError invalidArg where there is no such thread, operationInvalid, operationUnsupported */
export function settingPool(
  definition: XmlElement,
  id: number,
  params: TypedParams,
): (draft: Draft) => void {
  const ids = iothreadIds(definition);
  if (!ids.includes(id)) {
    throw vmError("invalidArg", `cannot find IOThread '${id}' in iothreadids`, QEMU);
  }
  const list = find(definition, "iothreadids");
  const old = (list ? childElements(list, "iothread") : []).find(
    ({ attributes }) => attributes.get("id") === String(id),
  );
  const after = (field: string): number =>
    Number(params.find((each) => each.field === field)?.value ?? old?.attributes.get(field) ?? -1);
  const [least, most] = [after("thread_pool_min"), after("thread_pool_max")];
  if (least > most) {
    const words = `thread_pool_min (${least}) can't be greater than thread_pool_max (${most})`;
    throw vmError("operationInvalid", words, QEMU);
  }
  if (params.some(({ field }) => field.startsWith("poll_"))) {
    const words = "configuring persistent polling values is not supported";
    throw vmError("operationUnsupported", words, QEMU);
  }
  return (edited) => {
    const { attributes } = iothreadElement(edited, id, ids);
    for (const { field, value } of params) {
      // -1 is QEMU's own choice.
      if (Number(value) < 0) attributes.delete(field);
      else attributes.set(field, String(value));
    }
  };
}
