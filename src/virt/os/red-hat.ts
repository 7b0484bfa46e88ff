/** Fedora and Red Hat's, with those that are built from them. */
import { type Release, releases } from "./os-info.ts";

const RED_HAT = { treeArgument: "inst.repo", hasVirtioGpu: true } as const;

const FEDORA = {
  ...RED_HAT,
  distro: "fedora",
  prefix: "fedora",
  idPrefix: "http://fedoraproject.org/fedora/",
  sizes: [2048, 1024, 2, 20],
} as const;

/** Of Enterprise Linux 8 and later. */
const ENTERPRISE = [1536, 1536, 2, 20] as const;
const NETWORK_RAM_MIB = 3072;

const FEDORA_VERSIONS = [43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28];

export const FEDORA_RELEASES = releases(FEDORA, [
  ...FEDORA_VERSIONS.map((version): Release => ({ version: version.toString() })),
  { version: "eln", name: "-eln", sizes: ENTERPRISE },
  { version: "rawhide", name: "-rawhide", networkRamMib: NETWORK_RAM_MIB },
  { version: "unknown", name: "-unknown" },
]);

const RHEL_VERSIONS = ["10.0", "9.6", "9.5", "9.4", "9.3", "9.2", "9.1", "9.0"];
const RHEL_8_VERSIONS = [
  "8.10",
  "8.9",
  "8.8",
  "8.7",
  "8.6",
  "8.5",
  "8.4",
  "8.3",
  "8.2",
  "8.1",
  "8.0",
];

const ENTERPRISE_LINUX = [
  ...releases(
    {
      ...RED_HAT,
      distro: "rhel",
      prefix: "rhel",
      idPrefix: "http://redhat.com/rhel/",
      sizes: ENTERPRISE,
    },
    [...RHEL_VERSIONS, ...RHEL_8_VERSIONS].map((version) => ({ version })),
  ),
  ...releases(
    {
      ...RED_HAT,
      distro: "rocky",
      prefix: "rocky",
      idPrefix: "http://rockylinux.org/rocky/",
      sizes: ENTERPRISE,
    },
    [{ version: "10" }, { version: "9" }, { version: "8" }],
  ),
  ...releases(
    {
      ...RED_HAT,
      distro: "almalinux",
      prefix: "almalinux",
      idPrefix: "http://almalinux.org/almalinux/",
      sizes: ENTERPRISE,
    },
    [{ version: "10" }, { version: "9" }, { version: "8", networkRamMib: NETWORK_RAM_MIB }],
  ),
];

const CENTOS_RELEASES = [
  ...releases(
    {
      ...RED_HAT,
      distro: "centos",
      prefix: "centos",
      idPrefix: "http://centos.org/centos/",
      sizes: ENTERPRISE,
    },
    [
      { version: "8", networkRamMib: NETWORK_RAM_MIB },
      {
        version: "7.0",
        aliases: ["centos7"],
        sizes: [1024, 1024, 2, 20],
        networkRamMib: 1536,
        hasVirtioGpu: false,
      },
    ],
  ),
  ...releases(
    {
      ...RED_HAT,
      hasVirtioGpu: false,
      distro: "centos",
      prefix: "centos-stream",
      idPrefix: "http://centos.org/centos-stream/",
      sizes: ENTERPRISE,
    },
    [
      { version: "10" },
      { version: "9", networkRamMib: NETWORK_RAM_MIB },
      { version: "8", networkRamMib: NETWORK_RAM_MIB },
    ],
  ),
];

export const RED_HAT_RELEASES = [...CENTOS_RELEASES, ...ENTERPRISE_LINUX];
