/** `<cputune>`'s shares, periods and quotas as parameters. */
import { vmError } from "../../../protocol/vm-error.ts";
import { ensurePath } from "../../conf/domain/view.ts";
import { param, type TypedParams } from "../../driver/typed-params.ts";
import { type Draft, removeChildren, setText } from "../../xml/draft.ts";
import { textAt, type XmlElement } from "../../xml/element.ts";
import { checkParams } from "../objects/flags.ts";
import { QEMU } from "./qemu-state.ts";

/** Microseconds, of cgroups. */
const PERIODS = { least: 1000n, most: 1_000_000n };
const QUOTAS = { least: 1000n, most: 17_592_186_044_415n };

const SHARES = "cpu_shares";
/** Parameters by their elements, in libvirt's order. */
const BANDWIDTHS: readonly (readonly [element: string, field: string])[] = [
  ["period", "vcpu_period"],
  ["quota", "vcpu_quota"],
  ["emulator_period", "emulator_period"],
  ["emulator_quota", "emulator_quota"],
  ["global_period", "global_period"],
  ["global_quota", "global_quota"],
  ["iothread_period", "iothread_period"],
  ["iothread_quota", "iothread_quota"],
];

export function schedulerParams(definition: XmlElement): TypedParams {
  const value = (name: string): bigint => BigInt(textAt(definition, "cputune", name) ?? 0);
  return [
    param.ullong(SHARES, value("shares")),
    ...BANDWIDTHS.map(([element, field]) =>
      isPeriod(field) ? param.ullong(field, value(element)) : param.llong(field, value(element)),
    ),
  ];
}

const isPeriod = (field: string): boolean => field.endsWith("_period");

/** @throws VmError argumentUnsupported for other parameters, invalidArg for values out of range */
export function settingScheduler(params: TypedParams): (definition: Draft) => void {
  const fields = BANDWIDTHS.map(([, field]) => field);
  checkParams(params, [SHARES, ...fields], QEMU.domain);
  for (const { field, value } of params) if (field !== SHARES) checkRange(field, BigInt(value));
  return (definition) => {
    const cputune = ensurePath(definition, "cputune");
    for (const { field, value } of params) {
      const found = BANDWIDTHS.find(([, each]) => each === field);
      // Shares of 0 are set; a period or quota of 0 is none.
      if (!found) setText(ensurePath(cputune, "shares"), String(value));
      else if (BigInt(value) === 0n) removeChildren(cputune, found[0]);
      else setText(ensurePath(cputune, found[0]), String(value));
    }
    if (cputune.children.length === 0) removeChildren(definition, "cputune");
  };
}

/** Quotas below 0 are no limit. */
function checkRange(field: string, value: bigint): void {
  const { least, most } = isPeriod(field) ? PERIODS : QUOTAS;
  if ((value <= 0n || value >= least) && value <= most) return;
  throw vmError("invalidArg", `value of '${field}' is out of range [${least}, ${most}]`, QEMU);
}
