/** A folder on the web, for as long as a run takes. */
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";

export interface FolderServer {
  /** Without a slash at its end. */
  readonly address: string;
  close(): void;
}

/** Files, and empty pages for folders; others are not found. */
export async function serveFolder(folder: string): Promise<FolderServer> {
  const server = createServer((request, response) => {
    const path = join(folder, normalize(new URL(request.url ?? "/", "http://host").pathname));
    const found = statSync(path, { throwIfNoEntry: false });
    response.writeHead(found ? 200 : 404);
    if (found?.isFile() === true && request.method === "GET") createReadStream(path).pipe(response);
    else response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() };
}
