/** UTF-8 text of bytes; malformed sequences become U+FFFD. */
export function utf8Text(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i] as number;
    const extra = first < 0x80 ? 0 : first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    let code = extra === 0 ? first : first & (0x3f >> extra);
    let good = first < 0x80 || (first >= 0xc2 && first <= 0xf4);
    for (let k = 1; k <= extra; k++) {
      const next = bytes[i + k] ?? 0;
      if ((next & 0xc0) !== 0x80) good = false;
      code = (code << 6) | (next & 0x3f);
    }
    out += good && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    i += good ? extra + 1 : 1;
  }
  return out;
}
