/**
 * What guests do on one vCPU and on two in `npm run bench -- smp`. To add a load is to add a row; each
 * guest that is named here is booted once, when it is built.
 */

export interface SmpTask {
  readonly name: string;
  readonly what: string;
  /** The guest that has the programs. */
  readonly guest: string;
  /** One line of its shell: the work on one vCPU. */
  readonly one: string;
  /**
   * The same work done twice on two vCPUs, for a program that uses both by itself. When absent, `one` runs
   * twice at once, each on a vCPU of its own.
   */
  readonly two?: string;
  /** With `two`: how many times the work of `one` it does; 1 when it does the same in less time. */
  readonly work?: number;
}

/** Made once in each guest, before anything is measured. */
export const SMP_PREPARATION: Readonly<Record<string, readonly string[]>> = {
  shell: [
    "cd /dev/shm",
    "awk 'BEGIN { x = 1; for (i = 0; i < 100000; i++) {" +
      ' x = (x * 16807) % 2147483647; printf "%d line %x of %d\\n", x, x % 65521, i } }\' > text',
    "gzip -c text > text.gz",
  ],
  tools: [
    "cd /dev/shm",
    // Sources of functions with loops, switches and calls, as many as keep two compilers busy.
    "mkdir c; for f in 0 1 2 3 4 5; do for i in $(seq 12); do" +
      ' echo "static int g$i(int *a, int n) { int s = $f; for (int k = 0; k < n; k++)' +
      " switch ((a[k] ^ s) % 5) { case 0: s += a[k] * $i; break; case 1: s ^= k << 3; break;" +
      ' case 2: s -= a[k] >> 1; break; default: s = s * 31 + k; } return s; }";' +
      ' done > c/f$f.c; echo "int f$f(int *a, int n) { return g1(a, n) + g7(a, n) ^ g12(a, n); }"' +
      " >> c/f$f.c; done",
    "printf 'OBJECTS = $(patsubst %%.c,%%.o,$(wildcard *.c))\\nall: $(OBJECTS)\\n' > c/Makefile",
    "for i in 1 2; do cat c/*.c /usr/include/*.h; done | head -c 1000000 > text",
  ],
};

/** Each takes seconds: a task's start, which is the shell's, is small against it. */
export const SMP_TASKS: readonly SmpTask[] = [
  {
    name: "gzip",
    what: "of 3 MB of text, twice",
    guest: "shell",
    one: "for i in 1 2; do gzip -c text; done > /dev/null",
  },
  {
    name: "sha256sum",
    what: "of the same, 8 times",
    guest: "shell",
    one: "for i in 1 2 3 4 5 6 7 8; do sha256sum text; done > /dev/null",
  },
  {
    name: "sort",
    what: "of its 100,000 lines, 4 times",
    guest: "shell",
    one: "for i in 1 2 3 4; do sort text; done > /dev/null",
  },
  {
    name: "shell",
    what: "60,000 steps of a random generator",
    guest: "shell",
    one:
      "i=0; s=1; while [ $i -lt 60000 ]; do" +
      " s=$(( (s * 1103515245 + 12345) % 2147483648 )); i=$((i+1)); done",
  },
  {
    name: "fork+exec",
    what: "300 times `/bin/busybox true`",
    guest: "shell",
    one: "i=0; while [ $i -lt 300 ]; do /bin/busybox true; i=$((i+1)); done",
  },
  {
    name: "syscalls",
    what: "300,000 reads and writes of a byte, by `dd bs=1`",
    guest: "shell",
    one: "dd if=/dev/zero of=/dev/null bs=1 count=300000 2> /dev/null",
  },
  {
    name: "stress-ng cpu",
    what: "400 rounds of its integer methods",
    guest: "tools",
    one: "stress-ng --cpu 1 --cpu-method int64 --cpu-ops 400 --quiet",
  },
  {
    name: "7z a",
    what: "compression of 1 MB of C, with one thread and with two",
    guest: "tools",
    one: "rm -f one.7z; 7z a -mmt1 -mx5 one.7z text > /dev/null",
    two: "rm -f two.7z; 7z a -mmt2 -mx5 two.7z text > /dev/null",
  },
  {
    name: "make",
    what: "of 6 files of C by gcc -O2, with -j1 on one vCPU and with -j2",
    guest: "tools",
    one: "make -s -B -C c -j1 CFLAGS=-O2",
    two: "make -s -B -C c -j2 CFLAGS=-O2",
  },
];
