/**
 * The host's files as images use them: folders that the user picked under `/mnt`, the private file system
 * everywhere else. Browsers count holes there, so files with holes are mapped (ADR 0014).
 */
import { mappedDirectories, mappedFiles } from "../../storage/protocol/mapped-host.ts";
import { opfsDirectories } from "./opfs-directories.ts";
import { opfsFiles } from "./opfs-files.ts";
import { withPickedDirectories, withPickedFiles } from "./picked-host.ts";

export const browserFiles = withPickedFiles(mappedFiles(opfsFiles));
export const browserDirectories = withPickedDirectories(mappedDirectories(opfsDirectories));
