/** `<video>`: its model and memory. */
import {
  childAt,
  childrenOf,
  defaultAttribute,
  type Draft,
  ensureChild,
} from "../../../xml/draft.ts";

/** KiB of video memory by model and attribute. */
const MEMORY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  vga: { vram: "16384" },
  cirrus: { vram: "16384" },
  vmvga: { vram: "16384" },
  bochs: { vram: "16384" },
  qxl: { ram: "65536", vram: "65536", vgamem: "16384" },
};

export function fillVideo(video: Draft): void {
  const model = ensureChild(video, "model");
  defaultAttribute(model, "type", "virtio");
  const type = model.attributes.get("type") ?? "";
  if (type === "none") {
    model.attributes = new Map([["type", "none"]]);
    video.children = childrenOf(video).filter(({ name }) => name === "model" || name === "alias");
    return;
  }
  for (const [name, value] of Object.entries(MEMORY[type] ?? {})) {
    defaultAttribute(model, name, value);
  }
  if (childAt(video, "model")) defaultAttribute(model, "heads", "1");
}
