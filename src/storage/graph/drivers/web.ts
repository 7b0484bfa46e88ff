import { StorageError } from "../../errors.ts";
import { openWeb } from "../../protocol/web/open-web.ts";
import { textOf } from "../image-options.ts";
import type { NodeOpener, NodeRequest, OpenImage } from "../node-request.ts";
import { described } from "./described.ts";

/** What a web server has at an address. */
export async function openWebImage(
  { web }: NodeOpener,
  { filename, options, write }: NodeRequest,
): Promise<OpenImage> {
  const url = filename ?? textOf(options, "url") ?? textOf(options, "filename");
  if (url === undefined) throw new StorageError("EINVAL", "Parameter 'url' is missing");
  const node = await openWeb(web, url, write);
  const driver = url.slice(0, url.indexOf(":")).toLowerCase();
  return {
    node,
    driver,
    ...described(url, { driver, url }),
    dataName: url,
    basePath: url,
    backing: undefined,
    probed: false,
    allocatedBytes: undefined,
  };
}
