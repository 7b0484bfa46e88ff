/** Guest images served beside the page, under `guests/<name>/`. */
import type { ImageSource } from "../../api/types.ts";
import { vmError } from "../../protocol/vm-error.ts";
import {
  type EfiFiles,
  type GuestFile,
  type GuestManifest,
  parseEfi,
  parseManifest,
} from "../guest-manifest.ts";
import type { GuestCatalogue, GuestFolder, Loading } from "./ports.ts";

/** The guest that is there whatever the server says, if only with a reason why it is not. */
const DEFAULT_NAMES = ["shell"] as const;

/** The folder of UEFI firmware, which is no guest to choose. */
const EFI_NAME = "efi";

export class ServedGuests implements GuestCatalogue {
  readonly #base: string;
  readonly #manifests = new Map<string, Promise<GuestManifest>>();

  /** @param base address of the folder that holds the guests' folders, with a final slash */
  constructor(base: string) {
    this.#base = base;
  }

  async list(): Promise<readonly GuestManifest[]> {
    const names = new Set([...DEFAULT_NAMES, ...(await this.#names())]);
    return Promise.all([...names].map((name) => this.find(name)));
  }

  /** What index.json names; nothing on servers that have none. */
  async #names(): Promise<readonly string[]> {
    try {
      const names: unknown = await (await fetch(new URL("index.json", this.#base))).json();
      return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
    } catch {
      return [];
    }
  }

  find(name: string): Promise<GuestManifest> {
    let manifest = this.#manifests.get(name);
    if (!manifest) {
      manifest = this.#fetch(name).then((json) => parseManifest(name, json));
      this.#manifests.set(name, manifest);
      // A failure is not kept: the next try may find the server up again.
      manifest.catch(() => this.#manifests.delete(name));
    }
    return manifest;
  }

  address({ name }: GuestFolder, { path }: GuestFile): string {
    return new URL(`${name}/${path}`, this.#base).href;
  }

  async efi(): Promise<EfiFiles> {
    return parseEfi(EFI_NAME, await this.#fetch(EFI_NAME));
  }

  async load(
    guest: GuestFolder,
    file: GuestFile,
    { onBytes, signal }: Loading,
  ): Promise<ImageSource> {
    const { path } = file;
    const url = this.address(guest, file);
    try {
      const response = await fetch(url, { signal });
      if (!response.ok) throw new Error(`the server answers ${response.status}`);
      return { kind: "blob", name: path, blob: await counted(response, onBytes) };
    } catch (cause) {
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : "the server does not answer";
      const what = `'${path}' of guest image '${guest.name}' cannot be loaded: ${why}`;
      throw vmError("operationFailed", what, { cause });
    }
  }

  async #fetch(name: string): Promise<unknown> {
    const url = new URL(`${name}/manifest.json`, this.#base);
    const unreadable = (why: string, cause?: unknown) =>
      vmError("operationFailed", `guest image '${name}' cannot be loaded: ${why}`, { cause });
    let response: Response;
    try {
      response = await fetch(url);
    } catch (cause) {
      throw unreadable("the server does not answer", cause);
    }
    if (!response.ok) throw unreadable(`the server answers ${response.status}`);
    const json: unknown = await response.json().catch((cause: unknown) => {
      throw unreadable("this server was started without it", cause);
    });
    return json;
  }
}

/** The body in full; `onBytes` hears of every piece as it arrives. */
async function counted(response: Response, onBytes: (count: number) => void): Promise<Blob> {
  if (!response.body) return response.blob();
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      onBytes(piece.length);
      controller.enqueue(piece);
    },
  });
  return new Response(response.body.pipeThrough(count)).blob();
}
