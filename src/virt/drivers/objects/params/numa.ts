/** `<numatune>` as parameters: the host's memory that a domain's is of. */
import { type ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import { ensurePath } from "../../../conf/domain/view.ts";
import { formatCpuset, parseCpuset } from "../../../conf/values.ts";
import { param, typedParam, type TypedParams } from "../../../driver/typed-params.ts";
import type { Draft } from "../../../xml/draft.ts";
import { find, type XmlElement } from "../../../xml/element.ts";
import { checkParams } from "../flags.ts";

const [MODE, NODESET] = ["numa_mode", "numa_nodeset"];
/** `virDomainNumatuneMemMode`. */
const MODES = ["strict", "preferred", "interleave", "restrictive"];

export function numaMode(definition: XmlElement): string | undefined {
  return find(definition, "numatune", "memory")?.attributes.get("mode");
}

export function numaParams(definition: XmlElement): TypedParams {
  const nodeset = find(definition, "numatune", "memory")?.attributes.get("nodeset") ?? "";
  return [
    param.int(MODE, MODES.indexOf(numaMode(definition) ?? "strict")),
    param.string(NODESET, nodeset),
  ];
}

/** The mode that is asked for, or undefined. @throws VmError invalidArg */
export function wantedNumaMode(params: TypedParams, errors: ErrorDomain): string | undefined {
  const mode = typedParam(params, MODE)?.value;
  if (mode === undefined) return undefined;
  const name = MODES[Number(mode)];
  if (name !== undefined) return name;
  throw vmError("invalidArg", `unsupported numatune mode: '${mode}'`, { domain: errors });
}

/** @throws VmError argumentUnsupported for other parameters, invalidArg, configUnsupported */
export function settingNuma(
  definition: XmlElement,
  params: TypedParams,
  errors: ErrorDomain,
): (draft: Draft) => void {
  checkParams(params, [MODE, NODESET], errors);
  const mode = wantedNumaMode(params, errors) ?? numaMode(definition) ?? "strict";
  const old = find(definition, "numatune", "memory")?.attributes.get("nodeset");
  const nodeset = String(typedParam(params, NODESET)?.value ?? old ?? "");
  if (nodeset === "") {
    throw vmError(
      "configUnsupported",
      "nodeset for NUMA memory tuning must be set if 'placement' is 'static'",
      { domain: errors },
    );
  }
  const canonical = formatCpuset(parseCpuset(nodeset));
  return (draft) => {
    ensurePath(draft, "numatune", "memory").attributes = new Map([
      ["mode", mode],
      ["nodeset", canonical],
    ]);
  };
}
