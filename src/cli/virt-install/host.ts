/** What virt-install needs of the place where it runs. */
import type { Stream } from "../../virt/driver/streams.ts";
import type { ToolHost } from "../virtinst/host.ts";

export interface InstallHost extends ToolHost {
  /** Whether `console` can work. */
  hasTerminal(): boolean;
  /** Connects the terminal to a guest's console until the user or the guest ends it. */
  console(stream: Stream): Promise<void>;
}
