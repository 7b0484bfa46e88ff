/** Lists separated by commas, as several of virsh's options take them. */

/** Splits at single commas; two of them are one of the text (vshStringToArray). */
export function splitCommas(text: string): string[] {
  const [first = "", ...rest] = text.split(",");
  const parts = [first];
  let joins = false;
  for (const piece of rest) {
    if (joins) parts.push(`${parts.pop() ?? ""},${piece}`);
    else if (piece !== "") parts.push(piece);
    joins = !joins && piece === "";
  }
  return joins ? [...parts, ""] : parts;
}
