/** A place to run virt-install in: no files, no terminal, and all that it says kept. */
import { FakeToolHost } from "../../virtinst/testing.ts";
import type { InstallHost } from "../host.ts";

export class FakeInstallHost extends FakeToolHost implements InstallHost {
  readonly hasTerminal = (): boolean => false;
  readonly console = async (): Promise<void> => {};
}
