/** The QEMU whose image tools these are measured against: what scripts compare with. */
const QEMU_VERSION = "7.2.0";

/** What `--version` of one of the image tools prints. */
export function versionText(program: string): string {
  return `${program} version ${QEMU_VERSION} (Tabvisor)\n`;
}
