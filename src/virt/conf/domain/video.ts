/** Displays of domains whose driver has no rules of its own (virDomainVideoDefPostParse). */
import { childAt, childrenOf, type Draft, draft, draftText, ensureChild } from "../../xml/draft.ts";
import type { DomainContext } from "./context.ts";

/** KiB of video memory by model. */
const MEMORY: Readonly<Record<string, number>> = {
  vga: 16384,
  cirrus: 16384,
  vmvga: 16384,
  bochs: 16384,
  xen: 4096,
  qxl: 65536,
};

const ATTRIBUTES = ["type", "ram", "vram", "vram64", "vgamem", "heads", "primary"];

/** Graphics bring a display with them; the first one is the primary one unless another is. */
export function fillVideos(domain: Draft, devices: Draft, { videoModel }: DomainContext): void {
  const hasGraphics = childrenOf(devices, "graphics").length > 0;
  if (videoModel && hasGraphics && childrenOf(devices, "video").length === 0) {
    devices.children.push(draft("video", {}, draft("model")));
  }
  if (videoModel) {
    const type = childAt(domain, "os", "type");
    const model = videoModel(type ? draftText(type) : "", type?.attributes.get("arch") ?? "");
    for (const video of childrenOf(devices, "video")) fillModel(ensureChild(video, "model"), model);
  }
  const models = childrenOf(devices, "video").flatMap((video) => childAt(video, "model") ?? []);
  const chosen = models.some((model) => model.attributes.get("primary") === "yes");
  if (!chosen) models[0]?.attributes.set("primary", "yes");
}

function fillModel(model: Draft, fallback: string): void {
  const given = model.attributes;
  const type = given.get("type") ?? fallback;
  const memory = MEMORY[type];
  const values: Record<string, string | undefined> = {
    ...Object.fromEntries(given),
    type,
    ram: rounded(given.get("ram") ?? (type === "qxl" ? String(memory) : undefined)),
    vram: rounded(given.get("vram") ?? (memory === undefined ? undefined : String(memory))),
    heads: given.get("heads") ?? "1",
  };
  const names = [...ATTRIBUTES, ...[...given.keys()].filter((name) => !ATTRIBUTES.includes(name))];
  model.attributes = new Map(
    names.flatMap((name): [string, string][] => {
      const value = values[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The next power of two. */
function rounded(text: string | undefined): string | undefined {
  const kib = Number(text);
  if (text === undefined || !Number.isSafeInteger(kib) || kib <= 0) return text;
  return String(2 ** Math.ceil(Math.log2(kib)));
}
