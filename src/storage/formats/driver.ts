import type { Entropy } from "../../device/ports.ts";
import type { BlockNode } from "../block-node.ts";
import type { CheckResult, Repair } from "../check-result.ts";
import type { Keys } from "../crypto/secrets.ts";
import type { Eventually, Task } from "../task.ts";

export type OptionType = "str" | "size" | "bool" | "num";

/** An option that images of a format are made with. */
export interface OptionRow {
  readonly name: string;
  readonly type: OptionType;
  readonly help: string;
  /** What is used, and said, when it is not given. */
  readonly preset?: string;
  /** It can be changed later (`amend`); with `only` it makes no sense before. */
  readonly amend?: true | "only";
}

export const SIZE_OPTION: OptionRow = { name: "size", type: "size", help: "Virtual disk size" };

/** Something that a format tells of an image, by QEMU's names. */
export type Fact = string | number | boolean | readonly Fact[] | Facts;
export interface Facts {
  readonly [name: string]: Fact | undefined;
}

/** What `info` shows of an image. */
export interface FormatInfo {
  /** 0 where the format has none and tells so. */
  readonly clusterSize?: number | undefined;
  readonly isDirty?: boolean;
  readonly isCompressed?: boolean;
  readonly isEncrypted?: boolean;
  readonly backingFile?: string | undefined;
  readonly backingFormat?: string | undefined;
  readonly specific?: Facts;
}

/** An open image of a format that keeps to what all of them have in common. */
export interface FormatNode extends BlockNode {
  /** What shows where the image has nothing; attached by whoever resolved its name. */
  backing: BlockNode | undefined;
  describe(): FormatInfo;
  /** Called once, when the backing image is there. @throws StorageError when it does not fit */
  attached?(): Task<void>;
  check?(repair: Repair): Task<CheckResult>;
  changeBacking?(name: string | undefined, format: string | undefined): Task<void>;
  /** One cluster, or the end of the disk; ENOTSUP where the image is of a kind that has none. */
  writeCompressed?(offset: number, segments: readonly Uint8Array[]): Eventually<void>;
  /** After the last of them. */
  endCompressed?(): Eventually<void>;
  /** All writing is by `writeCompressed`, in order. */
  readonly needsCompressedWrites?: boolean;
  /** Files beside the one that it was opened over. */
  readonly otherFiles?: readonly BlockNode[];
  /** Changes what the options say. @throws StorageError with QEMU's words */
  amend?(amending: Amending): Promise<void>;
  /** What a new image holds where nothing was written does not read as zeroes. */
  readonly startsWithGarbage?: boolean;
}

export interface Amending {
  readonly options: ReadonlyMap<string, string | number | boolean>;
  /** Does what loses data, too. */
  readonly force: boolean;
  readonly keys: Keys;
}

export interface Measuring {
  readonly options: ReadonlyMap<string, string | number | boolean>;
  readonly sizeBytes: number;
  readonly keys: Keys;
}

export interface FormatOpening {
  readonly filename: string;
  readonly readOnly: boolean;
  /** For checking: damage that makes other uses unsafe is let pass. */
  readonly forCheck: boolean;
  /** Only metadata are looked at: encrypted images need no password. */
  readonly lookOnly: boolean;
  readonly entropy: Entropy;
  readonly keys: Keys;
  /** Text options of the node, by QEMU's names. */
  option(name: string): string | undefined;
  /** Hears warnings, and what a check finds. */
  report(message: string): void;
  /** A name in the image as one that can be opened. */
  resolve(name: string): string;
  /** Opens another file of the image, by a name that is relative to the image's. */
  openFile(name: string): Promise<BlockNode>;
}

export interface FormatCreation {
  readonly filename: string;
  readonly sizeBytes: number;
  readonly options: ReadonlyMap<string, string | number | boolean>;
  readonly entropy: Entropy;
  readonly keys: Keys;
  readonly nowMs: number;
  report(message: string): void;
  /** Creates or empties a file, by a name as the user gave it. */
  createFile(name: string): Promise<BlockNode>;
  /** Takes a file away that was created for an image that came to nothing. */
  removeFile(name: string): Promise<void>;
  /** Opens an image that the new one is to refer to, by a name relative to the new image's. */
  openImage(name: string): Promise<BlockNode>;
}

/** A format of images: how it is told, opened and made. */
export interface FormatDriver {
  readonly name: string;
  /** How sure it is that an image is its own, by QEMU's count: 0 to 100. */
  probe(head: Uint8Array, filename: string): number;
  /** @throws StorageError with QEMU's words */
  open(file: BlockNode, opening: FormatOpening): Promise<FormatNode>;
  /** Absent where images cannot be made. */
  readonly create?: {
    readonly options: readonly OptionRow[];
    make(creation: FormatCreation): Promise<void>;
    /** How large a new image's file is before it holds data, and at most. */
    measure?(measuring: Measuring): { readonly required: number; readonly full: number };
  };
}

export function isFormatNode(node: BlockNode): node is FormatNode {
  return "describe" in node;
}
