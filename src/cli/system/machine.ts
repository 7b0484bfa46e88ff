/** `-machine`: QEMU's virt and its properties. */
import type { FlashConfig } from "../../api/types.ts";
import { AIA_KINDS, type AiaKind } from "../../protocol/machine-service.ts";
import { UsageError } from "./usage-error.ts";
import { onlyKeys, parseKeyed, type KeyedList } from "./values.ts";

/** Guest interrupt files that QEMU's board takes. */
const MOST_AIA_GUESTS = 7;

/** What a `-machine` option says about the board. */
export interface MachineProperties {
  /** Absent when the option does not say. */
  readonly aia?: AiaKind;
  /** Block nodes that are banks of flash. */
  readonly banks: readonly FlashConfig[];
}

/** @throws UsageError in QEMU's words where it has them */
export function parseMachine(text: string): MachineProperties {
  const list = parseKeyed(text);
  onlyKeys("-machine", list, ["type", "aia", "aia-guests", "pflash0", "pflash1"]);
  const type = list.keys.get("type") ?? list.head ?? "";
  if (type !== "virt") {
    throw new UsageError(`-machine ${type}: unsupported machine type; there is 'virt' only`);
  }
  checkAiaGuests(list.keys.get("aia-guests"));
  const aia = list.keys.get("aia");
  return { banks: banksOf(list), ...(aia !== undefined && { aia: aiaOf(aia) }) };
}

function banksOf({ keys }: KeyedList): FlashConfig[] {
  return ([0, 1] as const).flatMap((unit) => {
    const drive = keys.get(`pflash${unit}`);
    return drive === undefined ? [] : [{ unit, drive }];
  });
}

function aiaOf(text: string): AiaKind {
  const aia = AIA_KINDS.find((kind) => kind === text);
  if (aia !== undefined) return aia;
  throw new UsageError(
    "Invalid AIA interrupt controller type\nValid values are none, aplic, and aplic-imsic.",
  );
}

/** Guest interrupt files come with the H extension, which harts do not have. */
function checkAiaGuests(text: string | undefined): void {
  if (text === undefined || text === "0") return;
  if (!/^\d+$/.test(text) || Number(text) > MOST_AIA_GUESTS) {
    throw new UsageError(
      "Invalid number of AIA IMSIC guests\n" +
        `Valid values should be between 0 and ${MOST_AIA_GUESTS}.`,
    );
  }
  throw new UsageError(
    `-machine aia-guests=${text}: guest interrupt files need the H extension, which is not there ` +
      "yet; only 0 is supported",
  );
}
