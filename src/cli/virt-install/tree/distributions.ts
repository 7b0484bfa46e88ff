/** How trees of the distributions are known, and where they keep kernel and RAM disk. */
import { findOs, releasesOf } from "../../../virt/os-table.ts";
import type { TreeInfo } from "./treeinfo.ts";
import type { TreeTexts } from "./tree-texts.ts";

export interface KernelPair {
  readonly kernel: string;
  readonly initrd: string;
}

export interface Found {
  /** The release's name, where it is known. */
  readonly osName: string | undefined;
  /** Where they may be; the first pair that is there counts. */
  readonly kernels: readonly KernelPair[];
}

export interface Distribution {
  /** What `--osinfo` calls it: that one is asked first. */
  readonly distro: string | undefined;
  /** @param arch of the guest. Undefined for another's tree */
  find(texts: TreeTexts, arch: string): Promise<Found | undefined>;
}

const pair = (folder: string, kernel: string, initrd: string): KernelPair => ({
  kernel: `${folder}${kernel}`,
  initrd: `${folder}${initrd}`,
});

/** Those whose trees have a `.treeinfo` of that family. */
function byTreeInfo(
  distro: string | undefined,
  family: RegExp,
  osName: (info: TreeInfo) => string | undefined,
): Distribution {
  return {
    distro,
    find: async (texts) => {
      const info = await texts.treeInfo();
      if (!info || !family.test(info.family)) return undefined;
      return { osName: osName(info), kernels: info.kernel ? [info.kernel] : [] };
    },
  };
}

function fedoraName({ version }: TreeInfo): string {
  const name = `fedora${version ?? ""}`;
  return version !== undefined && findOs(name) ? name : "fedora-unknown";
}

/** The newest release that is known and not newer than the tree: 9.7 is 9.6 where that is the last. */
function pointRelease(prefix: string): (info: TreeInfo) => string | undefined {
  return ({ version }) => {
    const [major, minor = 0] = (version ?? "").split(".").map((part) => parseInt(part, 10));
    if (major === undefined || Number.isNaN(major)) return undefined;
    for (let update = minor; update >= 0; update -= 1) {
      const name = `${prefix}${major}.${update}`;
      if (findOs(name)) return name;
    }
    return undefined;
  };
}

function suseName(info: TreeInfo): string | undefined {
  if (info.name?.includes("openSUSE Tumbleweed") === true) return "opensusetumbleweed";
  return pointRelease("opensuse")(info);
}

/** A file that lists a netboot tree's images, and where those are. */
const MANIFESTS = [
  ["current/images/MANIFEST", "current/images"],
  ["current/legacy-images/MANIFEST", "current/legacy-images"],
  ["daily/MANIFEST", "daily"],
] as const;

function debianLike(distro: "debian" | "ubuntu"): Distribution {
  return {
    distro,
    find: async (texts, arch) => {
      const { kind, location } = texts.tree;
      const osName = releaseInAddress(distro, location);
      for (const [manifest, folder] of MANIFESTS) {
        // eslint-disable-next-line no-await-in-loop -- the first one counts
        if (!(await isManifestOf(distro, texts, manifest))) continue;
        const isDaily = folder === "daily";
        const kernels = [netboot(folder, distro, treeArch(location))];
        return { osName: isDaily ? "debiantesting" : osName, kernels };
      }
      const name = distro === "debian" ? /^Debian/ : /^Ubuntu/;
      if (!(await texts.says(".disk/info", name))) return undefined;
      const kernels =
        kind === "cd" ? cdKernels(arch) : [netboot("install", distro, treeArch(location))];
      return { osName, kernels };
    },
  };
}

async function isManifestOf(distro: string, texts: TreeTexts, path: string): Promise<boolean> {
  if (await texts.says(path, /[Uu]buntu/)) return distro === "ubuntu";
  return distro === "debian" && (await texts.says(path, /[Dd]ebian/));
}

function netboot(folder: string, distro: string, arch: string): KernelPair {
  const root = `${folder}/netboot/${distro}-installer/${arch}/`;
  return pair(root, arch === "ppc64el" ? "vmlinux" : "linux", "initrd.gz");
}

/** The processor that a tree's address tells. */
function treeArch(location: string): string {
  const named =
    /\/installer-(\w+)\/?$/.exec(location) ?? /\/daily-images\/(\w+)\/?$/.exec(location);
  if (named?.[1] !== undefined) return named[1];
  const found = ["i386", "amd64", "x86_64", "arm64", "riscv64"].find((arch) =>
    location.includes(arch),
  );
  return found === "x86_64" ? "amd64" : (found ?? "i386");
}

function releaseInAddress(distro: string, location: string): string | undefined {
  return releasesOf(distro).find(
    ({ codename }) => codename !== undefined && location.includes(`/${codename}/`),
  )?.name;
}

const CD_FOLDERS: Readonly<Record<string, string>> = {
  x86_64: "install.amd/",
  i686: "install.386/",
  aarch64: "install.a64/",
};

/** Debian's and Ubuntu's. */
function cdKernels(arch: string): KernelPair[] {
  return [
    pair(CD_FOLDERS[arch] ?? "install/", "vmlinuz", "initrd.gz"),
    pair("install/", "vmlinuz", "initrd.gz"),
    pair("casper/", "vmlinuz", "initrd"),
  ];
}

/** Releases by their CDs' labels; what the label tells is the version. */
const LABELS: readonly (readonly [label: RegExp, prefix: string])[] = [
  [/^Debian (\d+)\./, "debian"],
  [/^Ubuntu(?:-Server)? (\d+\.\d+)/, "ubuntu"],
  [/^Fedora-\S*-(\d+)$/, "fedora"],
  [/^alpine-\w+ v?(\d+\.\d+)/, "alpinelinux"],
  [/^openSUSE[-_]Leap[-_](\d+\.\d+)/, "opensuse"],
];

const CD_KERNELS: readonly KernelPair[] = [
  pair("images/pxeboot/", "vmlinuz", "initrd.img"),
  pair("isolinux/", "vmlinuz", "initrd.img"),
  pair("boot/", "vmlinuz-lts", "initramfs-lts"),
];

/** The release that a CD's label tells. */
export function releaseOfLabel(label: string): string | undefined {
  for (const [pattern, prefix] of LABELS) {
    const version = pattern.exec(label)?.[1];
    if (version !== undefined) return findOs(`${prefix}${version}`)?.name;
  }
  return undefined;
}

const labelledCd: Distribution = {
  distro: undefined,
  find: async ({ tree }, arch) => {
    const osName = releaseOfLabel(tree.label);
    if (tree.kind !== "cd" || osName === undefined) return undefined;
    const suse = pair(`boot/${arch}/loader/`, "linux", "initrd");
    return { osName, kernels: [...cdKernels(arch), ...CD_KERNELS, suse] };
  },
};

/** In the order in which they are asked. */
export const DISTRIBUTIONS: readonly Distribution[] = [
  labelledCd,
  byTreeInfo("fedora", /Fedora/, fedoraName),
  byTreeInfo("rhel", /Red Hat Enterprise Linux|RHEL/, pointRelease("rhel")),
  byTreeInfo("centos", /CentOS|Scientific/, pointRelease("centos")),
  byTreeInfo("opensuse", /openSUSE/, suseName),
  debianLike("debian"),
  debianLike("ubuntu"),
  byTreeInfo(undefined, /(?:)/, () => undefined),
];
