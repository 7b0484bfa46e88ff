/** `tabvisor virt-xml`: the terminal, the input and the drivers of this process. */
import { type Interface, createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { virtXml } from "../../cli/virt-xml/main.ts";
import { nodeToolHost } from "./tool-host.ts";

export async function virtXmlCommand(args: readonly string[]): Promise<number> {
  let reader: Interface | undefined;
  let lines: AsyncIterator<string> | undefined;
  try {
    return await virtXml(args, {
      ...nodeToolHost(),
      readInput: async () => (process.stdin.isTTY ? undefined : text(process.stdin)),
      readLine: async (prompt) => {
        process.stdout.write(prompt);
        reader ??= createInterface({ input: process.stdin });
        lines ??= reader[Symbol.asyncIterator]();
        const { done, value } = await lines.next();
        return done === true ? null : value;
      },
    });
  } finally {
    // An input that is listened to would keep the process.
    reader?.close();
  }
}
