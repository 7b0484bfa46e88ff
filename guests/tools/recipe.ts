import type { Closure } from "../deb/select.ts";
import {
  BOOT as SHELL_BOOT,
  CERTIFICATES,
  type BootLine,
  type OptionNote,
} from "../shell/recipe.ts";

/** What the `tools` guest is for; what it depends on comes with it. */
const PROGRAMS = [
  "bash",
  "bsdutils",
  "coreutils",
  "dash",
  "debianutils",
  "diffutils",
  "findutils",
  "grep",
  "gzip",
  "hostname",
  "libc-bin",
  "mawk",
  "ncurses-base",
  "procps",
  "sed",
  "tar",
  "util-linux",
  "base-files",
  "7zip",
  "binutils",
  "gcc",
  "libc6-dev",
  "make",
  "rt-tests",
  "stress-ng",
] as const;

/** Packages that are left out although something above depends on them. */
const OMITTED: Readonly<Record<string, string>> = {
  "mesa-libgallium": "drivers, with LLVM, that libgbm loads when there is a graphics card",
  "libegl-mesa0": "the same for libegl1",
  "libdrm-common": "a table of graphics cards",
  "openssl-provider-legacy": "ciphers of old; nothing here asks for one",
  python3: "for scripts of rt-tests that look for hardware's latencies",
  debconf: "asks questions while packages are configured",
  "libpam-modules": "nobody logs in",
  "libpam-runtime": "nobody logs in",
};

export const CLOSURE: Closure = { names: PROGRAMS, omitted: OMITTED };

/** Paths that are left out, as the packages have them. */
export const UNWANTED: readonly RegExp[] = [
  // What people read, and translations.
  /^usr\/share\/(doc|doc-base|info|locale|man|bug|lintian|bash-completion|common-licenses|gdb)\//,
  /^usr\/share\/(apport|cruft|initramfs-tools|menu|pixmaps|polkit-1|readline|zsh)\//,
  // Of character sets, those that a C or UTF-8 locale needs are inside of the C library.
  /^usr\/(lib\/riscv64-linux-gnu\/gconv|share\/i18n)\//,
  // Static libraries but for what every link wants, and what only sanitizers and LTO want.
  /^usr\/lib\/riscv64-linux-gnu\/lib(?!c_nonshared|pthread|m\b).*\.a$/,
  /^usr\/lib\/gcc\/riscv64-linux-gnu\/14\/(?!libgcc)lib.*\.a$/,
  /^usr\/lib\/gcc\/riscv64-linux-gnu\/14\/plugin\//,
  /^usr\/libexec\/gcc\/riscv64-linux-gnu\/14\/(lto|g\+\+-mapper|plugin)/,
  /^usr\/bin\/(riscv64-linux-gnu-)?(lto-dump|gprofng|gp-|dwp)/,
  /^usr\/lib\/riscv64-linux-gnu\/lib(asan|lsan|tsan|ubsan|gprofng)/,
  // Python, Perl and systemd are not here.
  /^usr\/lib\/(python3|systemd|tmpfiles\.d|sysusers\.d|pcrlock\.d)\//,
  /^usr\/share\/perl5\//,
  // What libgbm loads from the drivers that are left out.
  /^usr\/lib\/riscv64-linux-gnu\/gbm\//,
];

/** Names that packages' scripts would make: update-alternatives' and the like. */
export const LINKS: Readonly<Record<string, string>> = {
  "usr/bin/awk": "mawk",
  "usr/bin/cc": "gcc",
  "usr/bin/c99": "gcc",
};

export type ToolsBoot = Omit<BootLine, "hasSignedModules">;

/** The shell guest's command lines; modules keep their signatures either way. */
export const BOOT = {
  fast: { ...SHELL_BOOT.fast, notes: SHELL_BOOT.fast.notes.map(ofSignedModules) },
  stock: SHELL_BOOT.stock,
} as const satisfies Record<string, ToolsBoot>;

function ofSignedModules(note: OptionNote): OptionNote {
  if (note !== CERTIFICATES) return note;
  const why =
    "Debian's module signing certificates are not loaded: the kernel marks itself tainted (E) with the first module, and nothing checks what is loaded.";
  return { ...note, why };
}

/** As of the shell guest's recipe. */
export const REVISION = 1;
