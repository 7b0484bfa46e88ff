/** One file of a guest, beside its manifest. */
export interface GuestFile {
  /** Name in the guest's directory. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /**
   * The same contents compressed, for web servers: `path` is to be sent with this encoding. None of
   * a disk, which is compressed by itself and of which parts are asked for.
   */
  readonly encodings: readonly EncodedFile[];
}

export interface EncodedFile {
  /** An HTTP content coding. */
  readonly encoding: "br" | "gzip";
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** A way to boot a guest: names in `files` and the kernel's command line. */
export interface GuestBoot {
  readonly title: string;
  readonly firmware: string;
  readonly kernel: string;
  readonly initrd: string;
  /** A compressed qcow2 image, only ever read: what the guest writes goes elsewhere. */
  readonly disk?: string;
  readonly append: string;
  /** What each option of the command line is for. */
  readonly notes: readonly { readonly option: string; readonly why: string }[];
}

/** A package that a guest was made from. */
export interface GuestPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly filename: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** False when it is not the version of the lock file. */
  readonly isLocked: boolean;
}

/** manifest.json of a built guest. */
export interface GuestManifest {
  readonly format: 1;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Identifies the contents: equal keys, equal files. */
  readonly key: string;
  readonly architecture: "riscv64";
  /** RAM in bytes: the least that boots, and what is comfortable. */
  readonly memory: { readonly leastBytes: number; readonly usualBytes: number };
  readonly kernelRelease: string;
  /** By role: firmware, kernel, initrd, initrdSigned, disk. */
  readonly files: Readonly<Record<string, GuestFile>>;
  /** By name: fast, stock. */
  readonly boot: Readonly<Record<string, GuestBoot>>;
  readonly defaultBoot: string;
  readonly suite: string;
  readonly packages: readonly GuestPackage[];
}
