/** `<blkiotune>` as parameters: weights and rates of a domain's block I/O on the host's devices. */
import { type ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import { ensurePath } from "../../../conf/domain/view.ts";
import { param, type TypedParam, type TypedParams } from "../../../driver/typed-params.ts";
import {
  childrenOf,
  type Draft,
  draft,
  draftText,
  removeChildren,
  setText,
} from "../../../xml/draft.ts";
import { childElements, find, textAt, type XmlElement } from "../../../xml/element.ts";
import { checkParams } from "../flags.ts";

const WEIGHT = "weight";
/** Elements below `device`; parameters have `device_` before. */
const DEVICE_VALUES = [
  "weight",
  "read_iops_sec",
  "write_iops_sec",
  "read_bytes_sec",
  "write_bytes_sec",
];

export function blkioParams(definition: XmlElement): TypedParams {
  const blkio = find(definition, "blkiotune");
  const devices = blkio ? childElements(blkio, "device") : [];
  const pairs = (name: string): string =>
    devices
      .flatMap((device) => {
        const value = textAt(device, name);
        return value === undefined ? [] : [`${textAt(device, "path") ?? ""},${value}`];
      })
      .join(",");
  return [
    param.uint(WEIGHT, Number((blkio && textAt(blkio, WEIGHT)) ?? 0)),
    ...DEVICE_VALUES.map((name): TypedParam => param.string(`device_${name}`, pairs(name))),
  ];
}

/** @throws VmError argumentUnsupported for other parameters, invalidArg */
export function settingBlkio(params: TypedParams, errors: ErrorDomain): (draft: Draft) => void {
  const known = [WEIGHT, ...DEVICE_VALUES.map((name) => `device_${name}`)];
  checkParams(params, known, errors);
  const devices = params
    .filter(({ field }) => field !== WEIGHT)
    .map(({ field, value }) => deviceValues(field, String(value), errors));
  const weight = params.find(({ field }) => field === WEIGHT);
  return (definition) => {
    const blkio = ensurePath(definition, "blkiotune");
    if (weight) setValue(blkio, WEIGHT, String(weight.value));
    for (const { name, pairs } of devices) setDeviceValues(blkio, name, pairs);
    if (blkio.children.length === 0) removeChildren(definition, "blkiotune");
  };
}

interface DeviceValues {
  /** The element below `device`. */
  readonly name: string;
  readonly pairs: readonly (readonly [path: string, value: string])[];
}

/** `/dev/a,100,/dev/b,200`. @throws VmError invalidArg */
function deviceValues(field: string, text: string, errors: ErrorDomain): DeviceValues {
  const name = field.replace("device_", "");
  if (text === "") return { name, pairs: [] };
  const parts = text.split(",");
  if (parts.length % 2 !== 0) {
    throw vmError("invalidArg", `unable to parse blkio device '${field}' '${text}'`, {
      domain: errors,
    });
  }
  const pairs = parts.flatMap((path, at): (readonly [string, string])[] =>
    at % 2 === 0 ? [[path, parts[at + 1] ?? ""]] : [],
  );
  const wrong = pairs.find(([, value]) => !/^\d+$/.test(value));
  if (wrong) {
    const [path, value] = wrong;
    throw vmError(
      "invalidArg",
      `invalid value '${value}' for parameter '${field}' of device '${path}'`,
      { domain: errors },
    );
  }
  return { name, pairs };
}

/** A device without any value goes. */
function setDeviceValues(blkio: Draft, name: string, pairs: DeviceValues["pairs"]): void {
  for (const [path, value] of pairs) {
    let device = childrenOf(blkio, "device").find((each) =>
      childrenOf(each, "path").some((child) => draftText(child) === path),
    );
    if (!device) {
      device = draft("device", {}, draft("path", {}, path));
      blkio.children.push(device);
    }
    setValue(device, name, value);
    if (childrenOf(device).length === 1) removeChildren(blkio, (child) => child === device);
  }
}

/** What is 0 is not written. */
function setValue(parent: Draft, name: string, value: string): void {
  if (Number(value) === 0) removeChildren(parent, name);
  else setText(ensurePath(parent, name), value);
}
