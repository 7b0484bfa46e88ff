/** Comparison of Debian versions (Debian Policy §5.6.12). */

/** Relations of a dependency (§7.1), by their sign. */
const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  "<<": (order) => order < 0,
  "<=": (order) => order <= 0,
  "=": (order) => order === 0,
  ">=": (order) => order >= 0,
  ">>": (order) => order > 0,
};

/** True when `version` stands in the relation `sign` to `bound`; false for an unknown sign. */
export function versionHolds(version: string, sign: string, bound: string): boolean {
  return HOLDS[sign]?.(compareVersions(version, bound)) ?? false;
}

/** Negative, zero or positive as `a` is older than, as new as, or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  return (
    left.epoch - right.epoch ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

interface VersionParts {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

/** [epoch:]upstream[-revision]; the revision begins behind the last hyphen. */
function partsOf(version: string): VersionParts {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const hyphen = rest.lastIndexOf("-");
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)),
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? "" : rest.slice(hyphen + 1),
  };
}

/** Runs of other characters and of digits are compared in turn. */
function compareParts(a: string, b: string): number {
  let [left, right] = [a, b];
  while (left !== "" || right !== "") {
    const [leftText = "", rightText = ""] = [/^\D*/.exec(left)?.[0], /^\D*/.exec(right)?.[0]];
    const order = compareText(leftText, rightText);
    if (order !== 0) {
      return order;
    }
    [left, right] = [left.slice(leftText.length), right.slice(rightText.length)];
    const [leftDigits = "", rightDigits = ""] = [/^\d*/.exec(left)?.[0], /^\d*/.exec(right)?.[0]];
    const difference = BigInt(leftDigits || 0) - BigInt(rightDigits || 0);
    if (difference !== 0n) {
      return difference < 0n ? -1 : 1;
    }
    [left, right] = [left.slice(leftDigits.length), right.slice(rightDigits.length)];
  }
  return 0;
}

function compareText(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = rank(a, at) - rank(b, at);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

/** A tilde sorts before the end, the end before letters, letters before everything else. */
function rank(text: string, at: number): number {
  const char = text.charAt(at);
  if (char === "~") {
    return -1;
  }
  if (char === "") {
    return 0;
  }
  return char.charCodeAt(0) + (/[A-Za-z]/.test(char) ? 0 : 256);
}
