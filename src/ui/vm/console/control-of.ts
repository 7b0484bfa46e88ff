/** What a terminal makes of Ctrl and a key (ECMA-48: the columns below the letters). */
export function controlOf(text: string): string {
  const [first = ""] = text;
  const code = first.toUpperCase().charCodeAt(0);
  // @ A … Z [ \ ] ^ _
  if (text.length !== 1 || code < 0x40 || code > 0x5f) return text;
  return String.fromCharCode(code & 0x1f);
}
