/** `.treeinfo`: what a tree of Fedora's kin says of itself, in sections of names and values. */

/** Values by section and name; names are in small letters. */
type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface TreeInfo {
  readonly family: string;
  readonly version: string | undefined;
  readonly name: string | undefined;
  /** Undefined where the section of the tree's processor does not name both. */
  readonly kernel: { readonly kernel: string; readonly initrd: string } | undefined;
}

/** Undefined for a text that does not say of which family the tree is. */
export function parseTreeInfo(text: string): TreeInfo | undefined {
  const sections = parseSections(text);
  const general = sections.get("general");
  const family = general?.get("family");
  if (!general || family === undefined) return undefined;
  const images = sections.get(`images-${general.get("arch") ?? ""}`);
  const [kernel, initrd] = [images?.get("kernel"), images?.get("initrd")];
  return {
    family,
    version: general.get("version"),
    name: general.get("name"),
    kernel: kernel === undefined || initrd === undefined ? undefined : { kernel, initrd },
  };
}

function parseSections(text: string): Sections {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (section !== undefined) {
      current = sections.get(section) ?? new Map<string, string>();
      sections.set(section, current);
      continue;
    }
    const [, name, value = ""] = /^([^#;\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) current?.set(name.toLowerCase(), value);
  }
  return sections;
}
