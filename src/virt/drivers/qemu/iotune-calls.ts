/** Limits of disks, of running machines too. */
import { vmError } from "../../../protocol/vm-error.ts";
import { devicesOf, diskAt, ensurePath } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainModificationImpact as Impact } from "../../driver/domain-flags.ts";
import { param, type TypedParam, type TypedParams } from "../../driver/typed-params.ts";
import { childrenOf, type Draft, removeChildren, setText } from "../../xml/draft.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import { checkFlags, checkParams, oneScopeOf, scopeOf } from "../objects/flags.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { editDefinitions } from "./config-calls.ts";
import { definitionFor } from "../objects/domain-info.ts";
import { GROUP, IO_FIELDS, type IoTune, ioTuneOf, machineLimits } from "./iotune.ts";
import { checkIoTune, checkReset, withDefaults } from "./iotune-rules.ts";
import { runOf } from "./lifecycle-calls.ts";
import { targetOf } from "./machine-disks.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

type Calls = Pick<DomainCalls, "domainGetBlockIoTune" | "domainSetBlockIoTune">;

const IMPACT = Impact.live | Impact.config;
/** The caller understands parameters that are strings. */
const STRING_OKAY = 4;

export function ioTuneCalls(state: QemuState): Calls {
  return {
    domainGetBlockIoTune: async (ref, disk, flags) => {
      checkFlags(flags, IMPACT | STRING_OKAY, "qemuDomainGetBlockIoTune", QEMU.domain);
      const domain = state.domains.get(ref);
      const scope = oneScopeOf(domain, flags & IMPACT, QEMU.domain);
      const found = diskIn(definitionFor(domain, scope.config), disk ?? "", scope.config);
      return paramsOf(ioTuneOf(found));
    },
    domainSetBlockIoTune: (ref, disk, params, flags) =>
      state.job(ref.uuid, async () => {
        checkFlags(flags, IMPACT, "qemuDomainSetBlockIoTune", QEMU.domain);
        checkParams(params, IO_FIELDS, QEMU.domain);
        await setIoTune(state, state.domains.get(ref), disk, params, flags);
      }),
  };
}

/** @throws VmError invalidArg in libvirt's words */
function diskIn(definition: XmlElement, disk: string, isConfig: boolean): XmlElement {
  const found = diskAt(definition, disk);
  if (found) return found;
  const words = isConfig ? "was not found in the domain config" : "not found in domain";
  throw vmError("invalidArg", `disk '${disk}' ${words}`, QEMU);
}

/** In libvirt's order: the group's name is in the middle. */
function paramsOf(tune: IoTune): TypedParams {
  return IO_FIELDS.map((field): TypedParam =>
    field === GROUP
      ? param.string(field, tune.group ?? "")
      : param.ullong(field, BigInt(tune.limits.get(field) ?? 0)),
  );
}

async function setIoTune(
  state: QemuState,
  domain: DomainObject,
  path: string,
  params: TypedParams,
  flags: number,
): Promise<void> {
  const scope = scopeOf(domain, flags, QEMU.domain);
  const given = givenTune(params);
  checkIoTune(given);
  const planned = (definition: XmlElement | null, isConfig: boolean) => {
    if (!definition || !(isConfig ? scope.config : scope.live)) return null;
    const disk = diskIn(definition, path, isConfig);
    const tune = withDefaults(given, ioTuneOf(groupMate(definition, given.group) ?? disk));
    return { disk, tune: checkReset(tune, ioTuneOf(disk)) };
  };
  const [live, config] = [planned(domain.live, false), planned(domain.config, true)];
  const edit = (plan: typeof live) =>
    plan && ((draft: Draft) => writeIoTune(draft, targetOf(plan.disk), plan.tune));
  if (live) await throttle(state, domain, live.disk, live.tune);
  await editDefinitions(state, domain, { live: edit(live), config: edit(config) });
  if (live) state.domainEvent(domain, { kind: "tunable", params: eventParams(path, params) });
}

function givenTune(params: TypedParams): IoTune {
  const limits = new Map<string, number>();
  let group: string | undefined;
  for (const { field, value } of params) {
    if (field === GROUP) group = String(value);
    else limits.set(field, Number(value));
  }
  return { limits, group };
}

/** A disk that is in the group already: its limits are the group's. */
function groupMate(definition: XmlElement, group: string | undefined): XmlElement | undefined {
  if (group === undefined) return undefined;
  return devicesOf(definition, "disk").find((disk) => ioTuneOf(disk).group === group);
}

/** @throws VmError operationUnsupported where the disk would change its group */
async function throttle(
  state: QemuState,
  domain: DomainObject,
  disk: XmlElement,
  tune: IoTune,
): Promise<void> {
  const before = ioTuneOf(disk).group;
  if (tune.group !== before && tune.group !== undefined) {
    throw vmError(
      "operationUnsupported",
      `the throttle group of disk '${targetOf(disk)}' cannot be changed while the domain runs`,
      QEMU,
    );
  }
  if (!find(disk, "source")) return;
  await runOf(state, domain).machine.setBlockIoTune(targetOf(disk), machineLimits(tune.limits));
}

/** Writes what is not 0, to the disk and to those of its group. */
function writeIoTune(domain: Draft, target: string, { limits, group }: IoTune): void {
  for (const disk of childrenOf(ensurePath(domain, "devices"), "disk")) {
    const isMate = group !== undefined && ioTuneOf(disk).group === group;
    if (targetOf(disk) !== target && !isMate) continue;
    removeChildren(disk, "iotune");
    const set = [...limits].filter(([, value]) => value > 0);
    for (const [field, value] of set) setText(ensurePath(disk, "iotune", field), value);
    if (group !== undefined && set.length > 0) setText(ensurePath(disk, "iotune", GROUP), group);
  }
}

function eventParams(disk: string, params: TypedParams): TypedParams {
  const named = params.map((each): TypedParam => ({
    ...each,
    field: `blkdeviotune.${each.field}`,
  }));
  return [param.string("blkdeviotune.disk", disk), ...named];
}
