import { HEAD_BYTES, imageKind, isGuess, standsOnOther } from "../common/image-kind.ts";
import type { LocalFile } from "./draft.ts";

/** Looks at a file that was picked or dropped. */
export async function localFile(file: File): Promise<LocalFile> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const { name } = file;
  const kind = imageKind(head, name);
  const facts = { kind, isGuess: isGuess(head, kind), hasBacking: standsOnOther(head) };
  return { from: "computer", file, name, ...facts };
}
