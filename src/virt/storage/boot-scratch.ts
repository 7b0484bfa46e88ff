/** Files that a guest starts from once: the tools put them down, the driver removes them. */

/** The folder beside the one of the default pool. */
export const SCRATCH_FOLDER = "boot";

/** `virtinst-1a2b3c4d-linux`: a name that nobody else has taken. */
export function scratchName(uuid: string, file: string): string {
  return `virtinst-${uuid.slice(0, 8)}-${file.slice(file.lastIndexOf("/") + 1)}`;
}

export function isScratch(path: string): boolean {
  return /\/boot\/virtinst-[0-9a-f]{8}-[^/]+$/.test(path);
}
