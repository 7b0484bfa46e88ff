/** Disks on controllers: their order, and the addresses that their targets' names stand for. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, childrenOf, type Draft, draft } from "../../xml/draft.ts";
import { ensureController } from "./controllers.ts";

/** Targets by bus: letters after these are the disk's number. */
const TARGET_NAME = /^(?:ioemu:)?(?:fd|hd|vd|sd|xvd|ubd)([a-z]+)\d*$/;

type Place = readonly [controller: number, bus: number, unit: number];

/** Buses on which disks have an address of a controller, bus, target and unit. */
const DRIVE_BUSES: Readonly<Record<string, (index: number) => Place>> = {
  // 16 units a controller, of which unit 7 is the controller itself.
  scsi: (index) => [Math.floor(index / 15), 0, (index % 15) + (index % 15 >= 7 ? 1 : 0)],
  "narrow scsi": (index) => [Math.floor(index / 7), 0, index % 7],
  ide: (index) => [Math.floor(index / 4), Math.floor((index % 4) / 2), index % 2],
  sata: (index) => [Math.floor(index / 6), 0, index % 6],
  fdc: (index) => [Math.floor(index / 2), 0, index % 2],
};

/** The number that the letters of a target stand for (virDiskNameToIndex): `vda` 0, `sdaa` 26; -1 for none. */
export function diskIndex(target: string): number {
  const letters = TARGET_NAME.exec(target)?.[1];
  if (letters === undefined) return -1;
  return Array.from(letters).reduce(
    (sum, letter) => (sum + 1) * 26 + letter.charCodeAt(0) - 97,
    -1,
  );
}

function targetOf(disk: Draft): { readonly bus: string; readonly index: number } {
  const target = childAt(disk, "target");
  const dev = target?.attributes.get("dev") ?? "";
  return { bus: target?.attributes.get("bus") ?? "", index: diskIndex(dev) };
}

/** Brings disks into libvirt's order: buses as they come, each by target (virDomainDiskInsert). */
export function sortDisks(devices: Draft): void {
  const sorted: Draft[] = [];
  for (const disk of childrenOf(devices, "disk")) {
    const { bus, index } = targetOf(disk);
    const same = sorted.filter((each) => targetOf(each).bus === bus);
    const after = same.find((each) => targetOf(each).index > index);
    const last = same.at(-1);
    if (after) sorted.splice(sorted.indexOf(after), 0, disk);
    else if (last) sorted.splice(sorted.indexOf(last) + 1, 0, disk);
    else sorted.push(disk);
  }
  devices.children = [
    ...devices.children.filter((each) => each.kind !== "element" || each.name !== "disk"),
    ...sorted,
  ];
}

/**
 * Gives the disk an address where it has none and its bus knows such (virDomainDiskDefAssignAddress).
 *
 * @param scsi `narrow` has 7 units a controller, `wide` has 15
 * @throws VmError xmlError for a target that says no address
 */
export function assignDriveAddress(disk: Draft, scsi: "narrow" | "wide"): void {
  if (childAt(disk, "address")) return;
  const { bus, index } = targetOf(disk);
  if (index < 0) {
    const dev = childAt(disk, "target")?.attributes.get("dev");
    throw vmError("xmlError", `Unknown disk name '${dev}' and no address specified`, {
      domain: ErrorDomain.domain,
    });
  }
  const place = DRIVE_BUSES[bus === "scsi" && scsi === "narrow" ? "narrow scsi" : bus];
  if (!place) return;
  const [controller, at, unit] = place(index);
  disk.children.push(draft("address", { type: "drive", controller, bus: at, target: 0, unit }));
}

/** Adds the controllers that the disks' addresses name. */
export function addDiskControllers(devices: Draft): void {
  for (const bus of ["scsi", "fdc", "ide", "sata"]) {
    const used = childrenOf(devices, "disk")
      .filter((disk) => targetOf(disk).bus === bus)
      .flatMap((disk) => childAt(disk, "address") ?? [])
      .filter((address) => address.attributes.get("type") === "drive")
      .map((address) => Number(address.attributes.get("controller")));
    for (let index = 0; index <= Math.max(-1, ...used); index++) {
      ensureController(devices, bus, index);
    }
  }
}
