/** What virt-xml needs of the place where it runs. */
import type { ToolHost } from "../virtinst/host.ts";

export interface XmlHost extends ToolHost {
  /** All of the input, or undefined where it is a terminal. */
  readInput(): Promise<string | undefined>;
  /** The next line of the input behind a question; null at its end. */
  readLine(prompt: string): Promise<string | null>;
}
