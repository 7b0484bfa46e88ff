/** `cputune`, `numatune` and their relatives. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, childrenOf, type Draft, draftText, removeChildren } from "../../xml/draft.ts";
import { formatCpuset, parseCpuset } from "../values.ts";

export function fillTuning(domain: Draft): void {
  const cputune = childAt(domain, "cputune");
  if (!cputune) return;
  const vcpus = Number(draftText(childAt(domain, "vcpu") ?? domain));
  for (const pin of childrenOf(cputune, "vcpupin", "emulatorpin", "iothreadpin")) {
    const cpuset = pin.attributes.get("cpuset");
    if (cpuset === undefined) {
      throw vmError("xmlError", `missing cpuset for ${pin.name}`, { domain: ErrorDomain.domain });
    }
    pin.attributes.set("cpuset", formatCpuset(parseCpuset(cpuset)));
  }
  splitSchedulers(cputune, "vcpusched", "vcpus");
  splitSchedulers(cputune, "iothreadsched", "iothreads");
  cutTunes(cputune, "cachetune", "cache", vcpus);
  cutTunes(cputune, "memorytune", "node", vcpus);
  checkTunes(cputune);
  if (childrenOf(cputune).length === 0) removeChildren(domain, "cputune");
}

/** One element for each vCPU or thread, in their order, as libvirt writes them. */
function splitSchedulers(cputune: Draft, name: string, attribute: string): void {
  const single: [number, Draft][] = childrenOf(cputune, name).flatMap((sched) =>
    parseCpuset(sched.attributes.get(attribute) ?? "").map((number): [number, Draft] => [
      number,
      {
        ...sched,
        attributes: new Map([...sched.attributes, [attribute, String(number)]]),
      },
    ]),
  );
  removeChildren(cputune, name);
  cputune.children.push(...single.toSorted(([a], [b]) => a - b).map(([, each]) => each));
}

/** Tunes for vCPUs that the domain does not have are left out; allocations come before monitors. */
function cutTunes(cputune: Draft, name: string, first: string, vcpus: number): void {
  for (const tune of childrenOf(cputune, name)) {
    const wanted = parseCpuset(tune.attributes.get("vcpus") ?? "");
    const present = wanted.filter((each) => each < vcpus);
    if (present.length === 0) {
      removeChildren(cputune, (child) => child === tune);
      continue;
    }
    tune.attributes.set("vcpus", formatCpuset(present));
    tune.children = tune.children.toSorted(
      (a, b) =>
        rank(a.kind === "element" ? a.name : "", first) -
        rank(b.kind === "element" ? b.name : "", first),
    );
  }
}

function rank(name: string, first: string): number {
  return name === first ? 0 : 1;
}

/** vCPUs may be in one tune only, or in equal ones; an allocation may be given once. */
function checkTunes(cputune: Draft): void {
  const overlap = vmError("xmlError", "Overlapping vcpus in cachetunes", {
    domain: ErrorDomain.domain,
  });
  const cacheSets = childrenOf(cputune, "cachetune").map((each) => setOf(each));
  const memorySets = childrenOf(cputune, "memorytune").map((each) => setOf(each));
  for (const [at, set] of cacheSets.entries()) {
    if (cacheSets.some((other, index) => index > at && overlaps(set, other))) throw overlap;
  }
  for (const [at, set] of memorySets.entries()) {
    const others = memorySets.filter((_, index) => index > at);
    if (others.some((other) => overlaps(set, other))) throw overlap;
    if (cacheSets.some((other) => overlaps(set, other) && !equal(set, other))) throw overlap;
  }
  for (const tune of childrenOf(cputune, "cachetune")) checkCaches(tune);
  for (const tune of childrenOf(cputune, "memorytune")) checkNodes(tune);
  for (const tune of childrenOf(cputune, "cachetune", "memorytune")) checkMonitors(tune);
}

function checkCaches(tune: Draft): void {
  const seen = new Map<string, Set<string>>();
  for (const cache of childrenOf(tune, "cache")) {
    const key = `${cache.attributes.get("level")}/${cache.attributes.get("id")}`;
    const type = cache.attributes.get("type") ?? "both";
    const types = seen.get(key) ?? new Set();
    if (types.has(type) || types.has("both") || (type === "both" && types.size > 0)) {
      throw vmError(
        "xmlError",
        "Colliding cache allocations for cache level '" +
          (cache.attributes.get("level") ?? "") +
          "' id '" +
          (cache.attributes.get("id") ?? "") +
          "', type '" +
          type +
          "'",
        { domain: ErrorDomain.domain },
      );
    }
    seen.set(key, types.add(type));
  }
}

function checkNodes(tune: Draft): void {
  const ids = childrenOf(tune, "node").map((each) => each.attributes.get("id") ?? "");
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) {
    throw vmError("xmlError", `Memory Bandwidth already defined for node ${twice}`, {
      domain: ErrorDomain.domain,
    });
  }
}

/** Monitors watch some of the tune's vCPUs, and do not cross each other. */
function checkMonitors(tune: Draft): void {
  const all = setOf(tune);
  const sets = childrenOf(tune, "monitor").map((each) => setOf(each));
  for (const [at, set] of sets.entries()) {
    const crossing = sets.some(
      (other, index) =>
        index > at && overlaps(set, other) && !equal(set, all) && !equal(other, all),
    );
    if (crossing || [...set].some((each) => !all.has(each))) {
      throw vmError("invalidArg", "vcpus have overlaps in monitors", {
        domain: ErrorDomain.domain,
      });
    }
  }
}

function setOf(tune: Draft): Set<number> {
  return new Set(parseCpuset(tune.attributes.get("vcpus") ?? ""));
}

function overlaps(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return [...a].some((each) => b.has(each));
}

function equal(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}
