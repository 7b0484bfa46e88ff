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
  readonly packages: readonly Wanted[];
  /** Packages that come with all that they depend on, but for some that are not needed here. */
  readonly closure?: Closure;
  /** Everything but the facts above that the result depends on: a change of any makes it be built anew. */
  readonly inputs: () => string[];
  /**
   * Makes the files in memory.
   *
   * @param lock null to take the archive's present packages
   */
  readonly make: (
    archive: Archive,
    lock: LockFile | null,
    progress: Progress,
  ) => Promise<GuestContents>;
}

/** A guest that was made, before it is written to the cache. */
export interface GuestContents {
  readonly kernelRelease: string;
  readonly files: Readonly<Record<string, { readonly path: string; readonly bytes: Uint8Array }>>;
  readonly boot: Readonly<Record<string, GuestBoot>>;
  readonly packages: readonly Chosen[];
}
