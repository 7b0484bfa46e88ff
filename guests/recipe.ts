import type { RunMachine } from "./appliance/run-machine.ts";
import type { Archive } from "./deb/archive.ts";
import type { LockFile } from "./deb/lockfile.ts";
import type { Chosen, Closure, Wanted } from "./deb/select.ts";
import type { Progress } from "./fetch/progress.ts";
import type { GuestBoot, GuestManifest } from "./manifest.ts";

/** How to make one guest. */
export interface GuestRecipe extends Pick<
  GuestManifest,
  "name" | "title" | "description" | "memory" | "defaultBoot"
> {
  /** It is firmware, which boots nothing by itself. */
  readonly isFirmware?: true;
  readonly packages: readonly Wanted[];
  /** Packages that come with all that they depend on, but for some that are not needed here. */
  readonly closure?: Closure;
  /** Everything but the facts above that the result depends on: a change of any makes it be built anew. */
  readonly inputs: () => string[];
  /**
   * Makes the files.
   *
   * @param lock null to take the archive's present packages
   */
  readonly make: (
    archive: Archive,
    lock: LockFile | null,
    progress: Progress,
    workshop: Workshop,
  ) => Promise<GuestContents>;
}

/** What a guest is made with that is too large for memory, or must run. */
export interface Workshop {
  /** An empty directory on the cache's disk, removed when the guest is made. */
  readonly directory: string;
  readonly runMachine: RunMachine;
}

/** A guest that was made, before it is written to the cache. */
export interface GuestContents {
  readonly kernelRelease: string;
  readonly files: Readonly<Record<string, MadeFile>>;
  readonly boot: Readonly<Record<string, GuestBoot>>;
  readonly packages: readonly Chosen[];
}

/** A file of a guest: in memory, or in the workshop, when it is large and compressed already. */
export type MadeFile =
  | { readonly path: string; readonly bytes: Uint8Array }
  | { readonly path: string; readonly from: string };
