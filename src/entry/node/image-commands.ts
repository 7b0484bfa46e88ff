import { qemuImg } from "../../cli/qemu-img/main.ts";
import { qemuIo } from "../../cli/qemu-io/main.ts";
import type { QemuIoTools } from "../../cli/qemu-io/session.ts";
import { nodeImageTools } from "./image-tools.ts";

export function qemuImgCommand(args: readonly string[]): Promise<number> {
  return withTools((tools) => qemuImg(args, tools));
}

export function qemuIoCommand(args: readonly string[]): Promise<number> {
  return withTools((tools) => qemuIo(args, tools));
}

async function withTools(work: (tools: QemuIoTools) => Promise<number>): Promise<number> {
  const tools = nodeImageTools();
  try {
    return await work(tools);
  } finally {
    tools.flush();
  }
}
