/** One archive that apt is configured to use. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/**
 * The binary archives of a one-line `.list` file (sources.list(5), "one-line-style format"), in
 * order.
 */
export function parseOneLine(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.replace(/#.*/, "").trim();
    // deb [ option=value … ] uri suite [component …]
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line);
    if (match !== null) {
      const [, uri = "", suite = "", rest = ""] = match;
      sources.push({ uri, suite, components: words(rest) });
    }
  }
  return sources;
}

/** The enabled binary archives of a deb822 `.sources` file, in order. */
export function parseDeb822(text: string): AptSource[] {
  return text.split(/\n[ \t]*\n/).flatMap(stanzaSources);
}

function stanzaSources(stanza: string): AptSource[] {
  const fields = new Map<string, string>();
  let name = "";
  for (const line of stanza.split("\n")) {
    if (line.startsWith("#")) {
      continue;
    }
    const field = /^([^\s:]+):(.*)$/.exec(line);
    if (field !== null) {
      name = (field[1] ?? "").toLowerCase();
      fields.set(name, field[2] ?? "");
    } else if (/^\s/.test(line) && name !== "") {
      fields.set(name, `${fields.get(name) ?? ""} ${line}`);
    }
  }
  const list = (key: string): string[] => words(fields.get(key) ?? "");
  if (!list("types").includes("deb") || /^\s*(no|false|0)\s*$/i.test(fields.get("enabled") ?? "")) {
    return [];
  }
  return list("uris").flatMap((uri) =>
    list("suites").map((suite) => ({ uri, suite, components: list("components") })),
  );
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

const DEBIAN_SUITES = new Set(
  (
    "oldoldstable oldstable stable testing unstable experimental " +
    "buster bullseye bookworm trixie forky duke sid"
  ).split(" "),
);

/**
 * True for the archive that has every suite's packages: Debian's own suites, component main, and
 * not the security archive, which is a different tree.
 */
export function isMainDebianArchive(source: AptSource): boolean {
  const suite = source.suite.replace(/-(updates|proposed-updates|backports)$/, "");
  return (
    DEBIAN_SUITES.has(suite) &&
    source.components.includes("main") &&
    !/debian-security|\/security\b/.test(source.uri)
  );
}
