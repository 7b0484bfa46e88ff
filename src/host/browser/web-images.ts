import { fetchWeb } from "../web/fetch-web.ts";
import type { WebImages } from "../../storage/protocol/web/open-web.ts";
import { opfsDirectories } from "./opfs-directories.ts";
import { opfsFiles } from "./opfs-files.ts";

const MOST_BYTES = 2 * 2 ** 30;
/** Of what this origin may store: disks come first. */
const SHARE_OF_QUOTA = 1 / 8;

/** Images from the web, for dedicated workers, with a cache in the origin private file system. */
export const browserWebImages: WebImages = {
  web: fetchWeb,
  cache: {
    files: opfsFiles,
    directories: opfsDirectories,
    path: "/var/cache/tabvisor/web",
    async limitBytes() {
      const { quota = 0 } = await navigator.storage.estimate();
      return Math.min(MOST_BYTES, quota * SHARE_OF_QUOTA);
    },
  },
};
