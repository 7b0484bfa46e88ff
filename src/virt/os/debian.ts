/** Debian and its kin. */
import { releases } from "./os-info.ts";

const DEBIAN = {
  distro: "debian",
  prefix: "debian",
  idPrefix: "http://debian.org/debian/",
  sizes: [1024, 1024, 2, 20],
  hasVirtioGpu: true,
} as const;

const UBUNTU = {
  distro: "ubuntu",
  prefix: "ubuntu",
  idPrefix: "http://ubuntu.com/ubuntu/",
  sizes: [4096, 2048, 2, 25],
  hasVirtioGpu: true,
} as const;

/** Ubuntu before 19.10. */
const SMALLER = { sizes: [2048, 2048, 2, 15] } as const;
/** Before 18.04. */
const SMALL = { sizes: [1024, 1024, 2, 15], hasVirtioGpu: false } as const;

export const DEBIAN_RELEASES = releases(DEBIAN, [
  { version: "13", codename: "trixie" },
  { version: "12", codename: "bookworm" },
  { version: "11", codename: "bullseye" },
  { version: "10", codename: "buster", hasVirtioGpu: false },
  { version: "9", codename: "stretch", hasVirtioGpu: false },
  { version: "8", codename: "jessie", hasVirtioGpu: false },
  { version: "testing" },
]);

export const UBUNTU_RELEASES = releases(UBUNTU, [
  { version: "25.10", codename: "questing" },
  { version: "25.04", codename: "plucky" },
  { version: "24.10", codename: "oracular" },
  { version: "24.04", codename: "noble" },
  { version: "23.10", codename: "mantic" },
  { version: "23.04", codename: "lunar" },
  { version: "22.10", codename: "kinetic", hasVirtioGpu: false },
  {
    version: "22.04",
    codename: "jammy",
    aliases: ["ubuntu-lts-latest", "ubuntu-stable-latest", "ubuntujammy"],
    hasVirtioGpu: false,
  },
  { version: "21.10", codename: "impish" },
  { version: "21.04", codename: "hirsute" },
  { version: "20.10", codename: "groovy" },
  { version: "20.04", codename: "focal" },
  { version: "19.10", codename: "eoan" },
  { version: "19.04", codename: "disco", ...SMALLER },
  { version: "18.10", codename: "cosmic", ...SMALLER },
  { version: "18.04", codename: "bionic", ...SMALLER },
  { version: "17.10", codename: "artful", ...SMALL },
]);
