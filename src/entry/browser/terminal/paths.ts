/** Paths of the page's host as a terminal gives them. */

/** The path from the root, with no `.`, `..` and `~`. */
export function absolutePath(path: string, from: string): string {
  const whole = path === "~" || path.startsWith("~/") ? `${HOME}${path.slice(1)}` : path;
  const names: string[] = [];
  for (const name of (whole.startsWith("/") ? whole : `${from}/${whole}`).split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}

export const HOME = "/root";
