/** Images behind disk devices, as a machine's definition names them. */
import type { ThrottleLimits } from "../util/throttle-limits.ts";
import type { ErrorPolicy } from "./drive-error.ts";

/** Options of a block node as QEMU's `-blockdev` has them, nested. */
export interface BlockOptions {
  readonly [key: string]: string | number | boolean | BlockOptions;
}

/** Where an image is. Its format is found out where none is given. */
export type DriveImage =
  /** A file of the host; where the host has none, opening it fails. */
  | {
      readonly kind: "file";
      readonly filename: string;
      readonly format?: string;
      /** Options of the node: `encrypt.key-secret` and its like. */
      readonly options?: BlockOptions;
      /**
       * The image that this one is to stand on, whatever is written in it: a qcow2 image that is made
       * when it is missing, its directory too.
       */
      readonly backing?: BlockOptions;
      /** What the file is made of when it is missing, its directory too. */
      readonly template?: Uint8Array;
    }
  | { readonly kind: "options"; readonly options: BlockOptions }
  /** Bytes that the machine gets a copy of: what is written is gone with it. */
  | {
      readonly kind: "bytes";
      readonly name: string;
      readonly bytes: Uint8Array;
      readonly format?: string;
    };

/** A password, or a key, that options of images name. */
export interface SecretSpec {
  readonly id: string;
  readonly bytes: Uint8Array;
}

export interface DriveSpec {
  /** What devices call it; unique in the machine. */
  readonly id: string;
  /** Absent: a drive without a medium. */
  readonly image?: DriveImage;
  readonly readOnly?: boolean;
  /** Writes go to memory and are gone with the machine. */
  readonly snapshot?: boolean;
  /** Flushes are not passed on (cache=unsafe). */
  readonly noFlush?: boolean;
  /** The guest finds the write cache off: writes are stable when done (cache=writethrough, directsync). */
  readonly writeThrough?: boolean;
  /** Discards are passed on; on when absent. */
  readonly discard?: boolean;
  /** Zeroes that are written are zeroed, with `unmap` without taking space; `off` when absent. */
  readonly detectZeroes?: "off" | "on" | "unmap";
  /** What is read from a backing image is kept in the image. */
  readonly copyOnRead?: boolean;
  readonly throttle?: ThrottleLimits;
  /** Drives of one group share their limits: those of the last one that has some. */
  readonly throttleGroup?: string;
  /** QEMU's rerror and werror: `report` and `enospc` when absent. */
  readonly readError?: ErrorPolicy;
  readonly writeError?: ErrorPolicy;
  /** What the command line called it, for errors. */
  readonly option?: string;
}
