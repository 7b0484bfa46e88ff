/** The order of virsh's lists. */

/** Compares without regard to ASCII case, as strcasecmp does. */
export function compareCaseless(a: string, b: string): number {
  const [x, y] = [asciiLower(a), asciiLower(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** For `toSorted` of what has a name. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareCaseless(a.name, b.name);
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
