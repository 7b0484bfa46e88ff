/** A file of the page's host as the other end of an upload or a download. */
import type { Stream } from "../../../virt/driver/streams.ts";
import type { ToolsClient } from "./tools-client.ts";

/** @throws VmError systemError */
export async function fileStream(
  tools: ToolsClient,
  path: string,
  mode: "read" | "write",
): Promise<Stream> {
  const service = await tools.service();
  const file = await service.open(path, mode);
  return {
    read: () => service.read(file),
    write: (bytes) => service.write(file, bytes),
    writeHole: (lengthBytes) => service.writeHole(file, lengthBytes),
    finish: () => service.close(file),
    abort: () => void service.close(file),
  };
}

/** All of a file. @throws VmError systemError */
export async function readAll(tools: ToolsClient, path: string): Promise<Uint8Array> {
  const stream = await fileStream(tools, path, "read");
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let piece = await stream.read(); piece !== null; piece = await stream.read()) {
    if (typeof piece !== "number") pieces.push(new Uint8Array(piece));
  }
  await stream.finish();
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** Makes or replaces a file. @throws VmError systemError */
export async function writeAll(tools: ToolsClient, path: string, bytes: Uint8Array): Promise<void> {
  const stream = await fileStream(tools, path, "write");
  await stream.write(bytes);
  await stream.finish();
}
