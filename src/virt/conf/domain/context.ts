/** What filling in a domain definition needs to know of its driver and host. */

export interface DomainContext {
  /** `qemu`, `kvm`, `test`: the types that the driver runs; any where empty. */
  readonly virtTypes: readonly string[];
  /** Architecture of guests that name none. */
  readonly defaultArch: string;
  /** Machine type of guests that name none; none where the driver has no machine types. */
  readonly defaultMachine?: string;
  /**
   * Definitions get what hangs together with their devices: controllers, addresses of drives, a
   * display for graphics, of the model that this says. None where the driver sees to that itself.
   */
  readonly videoModel?: (osType: string, arch: string) => string;
  /** A new random UUID in its text form. */
  newUuid(): string;
  /** A new random MAC address of the driver's range. */
  newMac(): string;
}

export interface DomainParseOptions {
  /**
   * Drop what only a running domain has: its id, the devices' aliases, ports that were chosen. A
   * domain without an id is taken as inactive in any case.
   */
  readonly inactive: boolean;
  /** Refuse names that no definition has. */
  readonly validate?: boolean;
}
