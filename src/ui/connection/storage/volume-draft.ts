/** A new volume as its user describes it: what libvirt says of it, and its definition. */
import { vmError } from "../../../protocol/vm-error.ts";
import { parseVolume } from "../../../virt/conf/volume/parse.ts";
import { backingStore, imageTarget } from "../../../virt/manager/new-volume.ts";
import { checkNewName } from "../../../virt/storage/volume-checks.ts";
import { element, textElement, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { errorText } from "../../common/error-text.ts";
import { type Size, SIZE_UNITS, sizeBytes } from "../../common/size.ts";

/** Formats that can be made; those after the first two are for other hypervisors. */
export const VOLUME_FORMATS = ["qcow2", "raw", "qed", "vdi", "vhdx", "vmdk", "vpc"] as const;
export type VolumeFormat = (typeof VOLUME_FORMATS)[number];

/** Formats whose images can stand on others. */
const OVERLAYS: ReadonlySet<string> = new Set(["qcow2", "qed"]);

export interface VolumeDraft {
  readonly name: string;
  /** Not of volumes of a volume group, which have none. */
  readonly format: VolumeFormat;
  readonly size: Size;
  /** Takes all of its space at once (raw volumes). */
  readonly allocates: boolean;
  /** What it stands on, or is a snapshot of. */
  readonly backing: { readonly path: string; readonly format: string } | null;
}

/** Where the volume is to be. */
export interface VolumePlace {
  /** libvirt's word: `dir`, `logical`. */
  readonly poolType: string;
  readonly targetPath: string;
  readonly availableBytes: number;
  readonly names: readonly string[];
}

export interface VolumeProblems {
  readonly name?: string;
  readonly size?: string;
  readonly backing?: string;
}

/** Whether images of the format in pools of the type can stand on others. */
export function canStandOn(format: string, poolType: string): boolean {
  return poolType === "logical" || OVERLAYS.has(format);
}

/** The draft as libvirt takes it. */
export function volumeDefinition(draft: VolumeDraft, poolType: string): XmlElement {
  const { name, format, allocates } = draft;
  const backing = canStandOn(format, poolType) ? draft.backing : null;
  const isGroup = poolType === "logical";
  const takesAll = allocates && (isGroup || format === "raw");
  return element("volume", {}, [
    textElement("name", name),
    ...capacity(draft.size),
    ...(takesAll ? [] : [element("allocation", { unit: "bytes" }, ["0"])]),
    ...(isGroup ? [] : [imageTarget(format)]),
    ...(backing ? [backingStore(backing.path, isGroup ? undefined : backing.format)] : []),
  ]);
}

/** Without a number libvirt is given what was typed, and says what is wrong with it. */
function capacity(size: Size): XmlElement[] {
  const bytes = sizeBytes(size);
  if (Number.isSafeInteger(bytes) && bytes >= 0) {
    return [element("capacity", { unit: "bytes" }, [String(bytes)])];
  }
  return [element("capacity", { unit: SIZE_UNITS[size.unit]?.name }, [size.text])];
}

/** What libvirt would say of the draft, field by field. */
export function volumeProblems(draft: VolumeDraft, place: VolumePlace): VolumeProblems {
  const { poolType, targetPath, availableBytes, names } = place;
  const { name, size, backing, format } = draft;
  const parsed = (change: Partial<VolumeDraft>) => () =>
    void parseVolume(formatXml(volumeDefinition({ ...SOUND, format, ...change }, poolType)), {
      poolType,
    });
  const overlays = backing !== null && canStandOn(format, poolType);
  const takesAll = draft.allocates && (poolType === "logical" || format === "raw");
  const bytes = sizeBytes(size);
  return {
    ...said("name", parsed({ name }), () => {
      const volumes = names.map((each) => ({ name: each }));
      checkNewName({ definition: { targetPath }, volumes }, name);
    }),
    ...said("size", parsed({ size }), () => {
      if (!takesAll || bytes <= availableBytes) return;
      const what = `Not enough free space in pool for volume '${name}'`;
      throw vmError("internalError", what);
    }),
    ...(overlays && said("backing", parsed({ backing }), () => checkBacking(backing.path))),
  };
}

const SOUND: VolumeDraft = {
  name: "volume",
  format: "raw",
  size: { text: "1", unit: 0 },
  allocates: false,
  backing: null,
};

/** @throws VmError for what is neither an absolute path nor an address */
function checkBacking(path: string): void {
  if (path.startsWith("/") || /^https?:\/\/[^/]/.test(path)) return;
  throw vmError("systemError", `inaccessible backing store volume ${path}`);
}

/** The first complaint, under the field's name. */
function said(
  field: keyof VolumeProblems,
  ...checks: readonly (() => void)[]
): Partial<Record<keyof VolumeProblems, string>> {
  try {
    for (const check of checks) check();
    return {};
  } catch (error) {
    return { [field]: errorText(error) };
  }
}
