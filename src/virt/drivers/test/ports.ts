/** What the test driver needs of the place where it runs. */
export interface TestPorts {
  /** Milliseconds since 1970. */
  nowMs(): number;
  newUuid(): string;
  /** A random MAC address. */
  newMac(): string;
  hostname(): string;
  /** Whether there is a file at the path, and not a folder or device; without it, there never is. */
  isFile?(path: string): Promise<boolean>;
  /** @throws VmError systemError */
  readFile(path: string): Promise<Uint8Array>;
  /** @throws VmError systemError */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
}
