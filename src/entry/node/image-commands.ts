import { qemuImg } from "../../cli/qemu-img/main.ts";
import { qemuIo } from "../../cli/qemu-io/main.ts";
import { nodeImageTools } from "./image-tools.ts";

export function qemuImgCommand(args: readonly string[]): Promise<number> {
  return qemuImg(args, nodeImageTools());
}

export function qemuIoCommand(args: readonly string[]): Promise<number> {
  return qemuIo(args, nodeImageTools());
}
