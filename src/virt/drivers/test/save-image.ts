/** The test driver's saved domains: a magic word, a length, and the domain's XML. */
import { vmError } from "../../../protocol/vm-error.ts";
import { utf8Bytes, utf8Text } from "../../../util/bytes.ts";
import { TEST } from "./state.ts";

const MAGIC = "TestGuestMagic";
const LENGTH_BYTES = 4;
const MAX_XML_BYTES = 2 ** 20;

export function toSaveImage(xml: string): Uint8Array {
  const body = utf8Bytes(xml);
  const image = new Uint8Array(MAGIC.length + LENGTH_BYTES + body.length);
  image.set(utf8Bytes(MAGIC));
  new DataView(image.buffer).setUint32(MAGIC.length, body.length, true);
  image.set(body, MAGIC.length + LENGTH_BYTES);
  return image;
}

/** @throws VmError internalError where the file is no saved domain */
export function fromSaveImage(image: Uint8Array, path: string): string {
  if (image.length < MAGIC.length) {
    throw vmError("systemError", `incomplete save header in '${path}'`, TEST);
  }
  if (utf8Text(image.subarray(0, MAGIC.length)) !== MAGIC) {
    throw vmError("internalError", "mismatched header magic", TEST);
  }
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const at = MAGIC.length + LENGTH_BYTES;
  const length = image.length < at ? 0 : view.getUint32(MAGIC.length, true);
  if (length < 1 || length > MAX_XML_BYTES) {
    throw vmError("internalError", "length of metadata out of range", TEST);
  }
  if (image.length < at + length) {
    throw vmError("systemError", `incomplete metadata in '${path}'`, TEST);
  }
  return utf8Text(image.subarray(at, at + length));
}
