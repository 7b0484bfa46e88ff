/** Alpine, Arch, openSUSE, and what stands for all Linux systems of a year. */
import { type Release, releases } from "./os-info.ts";

const ALPINE_VERSIONS = [23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11];

export const ALPINE_RELEASES = releases(
  {
    distro: "alpinelinux",
    prefix: "alpinelinux",
    idPrefix: "http://alpinelinux.org/alpinelinux/",
    sizes: [768, 128, 1, 4],
    hasVirtioGpu: false,
  },
  ALPINE_VERSIONS.map((minor): Release => ({ version: `3.${minor}` })),
);

export const ARCH_RELEASES = releases(
  {
    distro: "archlinux",
    prefix: "archlinux",
    idPrefix: "http://archlinux.org/archlinux/",
    sizes: [1024, 512, 0, 0],
    hasVirtioGpu: true,
  },
  [{ version: "rolling", name: "" }],
);

export const OPENSUSE_RELEASES = releases(
  {
    distro: "opensuse",
    prefix: "opensuse",
    idPrefix: "http://opensuse.org/opensuse/",
    sizes: [2048, 1024, 2, 16],
    treeArgument: "install",
    hasVirtioGpu: true,
  },
  [
    { version: "42.3" },
    { version: "42.2" },
    { version: "16.0" },
    { version: "15.6" },
    { version: "15.5" },
    { version: "15.4" },
    { version: "15.3" },
    { version: "15.2" },
    { version: "15.1" },
    { version: "15.0" },
    { version: "factory", name: "-factory", sizes: [2048, 1024, 2, 20] },
    { version: "unknown", name: "-unknown", sizes: [2048, 512, 2, 20] },
    { version: "tumbleweed", sizes: [2048, 1024, 2, 20] },
  ],
);

export const GENERIC_LINUX = releases(
  {
    distro: "linux",
    prefix: "linux",
    idPrefix: "http://libosinfo.org/linux/",
    sizes: [4096, 2048, 2, 25],
    hasVirtioGpu: true,
  },
  [
    { version: "2024" },
    { version: "2022" },
    { version: "2020" },
    { version: "2018", sizes: [2048, 2048, 2, 15] },
    { version: "2016", sizes: [2048, 2048, 2, 15], hasVirtioGpu: false },
  ],
);
