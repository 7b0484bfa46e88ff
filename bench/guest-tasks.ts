/** What a Debian guest's own programs do in `npm run bench -- guest`: BusyBox and the kernel. */

export interface GuestTask {
  readonly name: string;
  /** What it is, for the table's reader. */
  readonly what: string;
  /** One line of the guest's shell. */
  readonly command: string;
}

/** Made once in each guest, before anything is measured: 3 MB of lines in no order. */
export const PREPARATION: readonly string[] = [
  "cd /dev/shm",
  "awk 'BEGIN { x = 1; for (i = 0; i < 100000; i++) {" +
    ' x = (x * 16807) % 2147483647; printf "%d line %x of %d\\n", x, x % 65521, i } }\' > text',
  "gzip -c text > text.gz",
];

export const GUEST_TASKS: readonly GuestTask[] = [
  {
    name: "shell loop",
    what: "30,000 steps of `while [ … ]`",
    command: "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done",
  },
  {
    name: "shell arithmetic",
    what: "20,000 steps of a random generator in `$(( ))`",
    command:
      "i=0; s=1; while [ $i -lt 20000 ]; do" +
      " s=$(( (s * 1103515245 + 12345) % 2147483648 )); i=$((i+1)); done",
  },
  { name: "gzip", what: "of 3 MB of text", command: "gzip -c text > /dev/null" },
  {
    name: "gunzip",
    what: "of the same, four times",
    command: "for i in 1 2 3 4; do gunzip -c text.gz; done > /dev/null",
  },
  {
    name: "sha256sum",
    what: "of the same, four times",
    command: "for i in 1 2 3 4; do sha256sum text; done > /dev/null",
  },
  { name: "sort", what: "of its 100,000 lines", command: "sort text > /dev/null" },
  {
    name: "awk",
    what: "sums of a column by another",
    command: "awk '{ s[$3 % 100] += $1 } END { for (k in s) print k, s[k] }' text > /dev/null",
  },
  {
    name: "fork+exec",
    what: "200 times `/bin/busybox true`",
    command: "i=0; while [ $i -lt 200 ]; do /bin/busybox true; i=$((i+1)); done",
  },
  {
    name: "syscalls",
    what: "200,000 reads and writes of a byte, by `dd bs=1`",
    command: "dd if=/dev/zero of=/dev/null bs=1 count=200000 2> /dev/null",
  },
  {
    name: "pipe",
    what: "16 MB in blocks of 4 KiB from `dd` to `cat`",
    command: "dd if=/dev/zero bs=4k count=4096 2> /dev/null | cat > /dev/null",
  },
];
