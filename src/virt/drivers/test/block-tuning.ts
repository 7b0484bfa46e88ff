/** Weights and rates of domains' block I/O. */
import { vmError } from "../../../protocol/vm-error.ts";
import { ensurePath } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import type { TypedParam, TypedParams } from "../../driver/typed-params.ts";
import { childrenOf, setText } from "../../xml/draft.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";
import { blkioParams, settingBlkio } from "../objects/params/blkio.ts";
import { change, chosen } from "./chosen-definition.ts";
import { TEST, type TestState } from "./state.ts";

type BlkioCalls = Pick<DomainCalls, "domainGetBlkioParameters" | "domainSetBlkioParameters">;

export function blkioCalls(state: TestState): BlkioCalls {
  return {
    domainGetBlkioParameters: async (ref, flags) =>
      blkioParams(chosen(state.domains.get(ref), flags)),
    domainSetBlkioParameters: async (ref, params, flags) =>
      change(state.domains.get(ref), flags, settingBlkio(params, TEST.domain)),
  };
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
