/**
 * The host's files as images use them: folders that the user picked under `/mnt`, what is served beside the
 * page under `/usr/share/tabvisor/guests`, the private file system everywhere else. Browsers count holes there, so files with holes are mapped (ADR 0014).
 */
import { mappedDirectories, mappedFiles } from "../../storage/protocol/mapped-host.ts";
import { opfsDirectories } from "./opfs-directories.ts";
import { opfsFiles } from "./opfs-files.ts";
import { withServedFiles } from "./served-files.ts";
import { browserWebImages } from "./web-images.ts";
import { withPickedDirectories, withPickedFiles } from "./picked-host.ts";

export const browserFiles = withServedFiles(
  withPickedFiles(mappedFiles(opfsFiles)),
  browserWebImages,
);
export const browserDirectories = withPickedDirectories(mappedDirectories(opfsDirectories));
