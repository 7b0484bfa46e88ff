/** Tags as users type them. */

/** Separated by commas; white space around them does not count. */
export function tagsOf(text: string): string[] {
  const tags = text.split(/[,，]/).map((tag) => tag.trim().replace(/\s+/g, " "));
  return [...new Set(tags.filter((tag) => tag !== ""))];
}
