import { fileURLToPath } from "node:url";
import type { EngineConfig, EngineImage } from "../../api/engine-bridge.ts";
import type { ImageSource, MachineConfig } from "../../api/types.ts";
import { vmError } from "../../protocol/vm-error.ts";

const ROLES = ["firmware", "kernel", "initrd"] as const;

/** What a static server serves beside its folder: files and bytes by path. */
export type OfferedFiles = Map<string, string | Uint8Array>;

/**
 * Images become addresses on our own server, so that a machine in a page can load them again.
 *
 * @param files what the server offers; the images are added
 * @param folder of the images there; machines with different images need different ones
 * @throws VmError for an image that is no file and no bytes
 */
export function offerImages(
  config: MachineConfig,
  files: OfferedFiles,
  folder = "images",
): EngineConfig {
  const { firmware: _f, kernel: _k, initrd: _i, ...rest } = config;
  const images: { [Role in (typeof ROLES)[number]]?: EngineImage } = {};
  for (const role of ROLES) {
    const source = config[role];
    if (source !== undefined) images[role] = offer(`${folder}/${role}`, source, files);
  }
  return { ...rest, ...images };
}

function offer(path: string, source: ImageSource, files: OfferedFiles): EngineImage {
  if (source.kind === "bytes") files.set(path, source.bytes);
  else if (source.kind === "url" && source.url.startsWith("file:")) {
    files.set(path, fileURLToPath(source.url));
  } else throw vmError("argumentUnsupported", `${source.name}: only files can be given`);
  return { kind: "url", name: source.name, url: `/${path}` };
}
