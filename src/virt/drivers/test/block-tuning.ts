/** Weights and rates of domains' block I/O. */
import { vmError } from "../../../protocol/vm-error.ts";
import { ensurePath } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import type { TypedParam, TypedParams } from "../../driver/typed-params.ts";
import { childrenOf, type Draft, draft, draftText, setText } from "../../xml/draft.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";
import { change, chosen } from "./chosen-definition.ts";
import { TEST, type TestState } from "./state.ts";

const BLKIO_DEVICE = [
  "weight",
  "read_iops_sec",
  "write_iops_sec",
  "read_bytes_sec",
  "write_bytes_sec",
];

type BlkioCalls = Pick<DomainCalls, "domainGetBlkioParameters" | "domainSetBlkioParameters">;

export function blkioCalls(state: TestState): BlkioCalls {
  return {
    domainGetBlkioParameters: async (ref, flags) => {
      const blkio = find(chosen(state.domains.get(ref), flags), "blkiotune");
      const weight = Number((blkio && textAt(blkio, "weight")) ?? 0);
      const devices = blkio ? childElements(blkio, "device") : [];
      return [
        { field: "weight", type: "uint", value: weight },
        ...BLKIO_DEVICE.map((name): TypedParam => ({
          field: `device_${name}`,
          type: "string",
          value: devices
            .flatMap((device) => {
              const value = textAt(device, name);
              return value === undefined ? [] : [`${textAt(device, "path") ?? ""},${value}`];
            })
            .join(","),
        })),
      ];
    },
    domainSetBlkioParameters: async (ref, params, flags) => {
      const devices = params
        .filter(({ field }) => field !== "weight")
        .map(({ field, value }) => deviceValues(field, String(value)));
      change(state.domains.get(ref), flags, (edited) => {
        const blkio = ensurePath(edited, "blkiotune");
        const weight = params.find(({ field }) => field === "weight");
        if (weight) setText(ensurePath(blkio, "weight"), String(weight.value));
        for (const { name, pairs } of devices) setDeviceValues(blkio, name, pairs);
      });
    },
  };
}

interface DeviceValues {
  /** The element below `device`. */
  readonly name: string;
  readonly pairs: readonly (readonly [path: string, value: string])[];
}

/** `/dev/a,100,/dev/b,200`. @throws VmError invalidArg */
function deviceValues(field: string, text: string): DeviceValues {
  const parts = text.split(",");
  if (parts.length % 2 !== 0) {
    throw vmError("invalidArg", `unable to parse blkio device '${field}' '${text}'`, TEST);
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
      TEST,
    );
  }
  return { name: field.replace("device_", ""), pairs };
}

function setDeviceValues(blkio: Draft, name: string, pairs: DeviceValues["pairs"]): void {
  for (const [path, value] of pairs) {
    let device = childrenOf(blkio, "device").find((each) =>
      childrenOf(each, "path").some((child) => draftText(child) === path),
    );
    if (!device) {
      device = draft("device", {}, draft("path", {}, path));
      blkio.children.push(device);
    }
    setText(ensurePath(device, name), value);
  }
}

const IO_TUNE = [
  "total_bytes_sec",
  "read_bytes_sec",
  "write_bytes_sec",
  "total_iops_sec",
  "read_iops_sec",
  "write_iops_sec",
  "total_bytes_sec_max",
  "read_bytes_sec_max",
  "write_bytes_sec_max",
  "total_iops_sec_max",
  "read_iops_sec_max",
  "write_iops_sec_max",
  "size_iops_sec",
  "group_name",
  "total_bytes_sec_max_length",
  "read_bytes_sec_max_length",
  "write_bytes_sec_max_length",
  "total_iops_sec_max_length",
  "read_iops_sec_max_length",
  "write_iops_sec_max_length",
];

type IoTuneCalls = Pick<DomainCalls, "domainGetBlockIoTune" | "domainSetBlockIoTune">;

export function ioTuneCalls(state: TestState): IoTuneCalls {
  const diskIn = (definition: XmlElement, disk: string | null): XmlElement | undefined => {
    const devices = find(definition, "devices");
    return (devices ? childElements(devices, "disk") : []).find(
      (each) =>
        find(each, "target")?.attributes.get("dev") === disk ||
        find(each, "source")?.attributes.get("file") === disk,
    );
  };
  return {
    domainGetBlockIoTune: async (ref, disk, flags) => {
      const found = diskIn(chosen(state.domains.get(ref), flags), disk);
      if (!found) {
        const words = `disk '${disk ?? ""}' was not found in the domain config`;
        throw vmError("invalidArg", words, TEST);
      }
      return IO_TUNE.map((field): TypedParam => {
        const text = textAt(found, "iotune", field);
        return field === "group_name"
          ? { field, type: "string", value: text ?? "" }
          : { field, type: "ullong", value: BigInt(text ?? 0) };
      });
    },
    domainSetBlockIoTune: async (ref, disk, params, flags) => {
      const domain = state.domains.get(ref);
      const found = diskIn(chosen(domain, flags), disk);
      if (!found) {
        const words = `missing persistent configuration for disk '${disk}'`;
        throw vmError("invalidArg", words, TEST);
      }
      checkIoTune(found, params);
      const target = find(found, "target")?.attributes.get("dev");
      change(domain, flags, (edited) => {
        const [devices] = childrenOf(edited, "devices");
        const tuned = (devices ? childrenOf(devices, "disk") : []).find((each) =>
          childrenOf(each, "target").some((child) => child.attributes.get("dev") === target),
        );
        if (!tuned) return;
        for (const { field, value } of params)
          setText(ensurePath(tuned, "iotune", field), String(value));
      });
    },
  };
}

/** Totals and parts exclude each other, and limits are below their bursts. @throws VmError invalidArg */
function checkIoTune(disk: XmlElement, params: TypedParams): void {
  const value = (field: string): bigint =>
    BigInt(
      params.find((each) => each.field === field)?.value ?? textAt(disk, "iotune", field) ?? 0,
    );
  for (const what of ["bytes_sec", "bytes_sec_max", "iops_sec", "iops_sec_max"]) {
    if (
      value(`total_${what}`) > 0n &&
      (value(`read_${what}`) > 0n || value(`write_${what}`) > 0n)
    ) {
      throw vmError(
        "invalidArg",
        `total and read/write of ${what} cannot be set at the same time`,
        TEST,
      );
    }
  }
  for (const field of IO_TUNE.slice(0, 6)) {
    if (value(field) > value(`${field}_max`)) {
      throw vmError("invalidArg", `${field} cannot be set higher than ${field}_max `, TEST);
    }
  }
}
