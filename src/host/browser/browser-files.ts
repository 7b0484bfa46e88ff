/** The host's files as images use them: browsers count holes, so files with holes are mapped (ADR 0014). */
import { mappedDirectories, mappedFiles } from "../../storage/protocol/mapped-host.ts";
import { opfsDirectories } from "./opfs-directories.ts";
import { opfsFiles } from "./opfs-files.ts";

export const browserFiles = mappedFiles(opfsFiles);
export const browserDirectories = mappedDirectories(opfsDirectories);
