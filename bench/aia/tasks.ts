/** What guests do in `npm run bench -- aia`: as much interrupting of other vCPUs as BusyBox can cause. */

export interface AiaTask {
  readonly name: string;
  /** What it is, for the table's reader. */
  readonly what: string;
  /** vCPUs that it takes at least. */
  readonly vcpus: number;
  /** One line of the guest's shell. */
  readonly command: string;
}

/** Pairs of programs that wait for each other. */
const PAIRS = 8;

/** Made once in each guest. */
export const AIA_PREPARATION: readonly string[] = [
  "cd /dev/shm",
  `for i in $(seq ${PAIRS}); do mkfifo a$i b$i; done`,
  "echo 'exec 3> a$1 4< b$1; i=0; while [ $i -lt $2 ]; do echo x >&3; read y <&4; i=$((i+1)); done' > ping",
  "echo 'exec 3< a$1 4> b$1; while read y <&3; do echo x >&4; done' > pong",
  "echo 'i=0; while [ $i -lt $1 ]; do taskset -p 1 $$; taskset -p 2 $$; i=$((i+1)); done' > wander",
  "echo 'i=0; while [ $i -lt $1 ]; do /bin/busybox true; i=$((i+1)); done' > forks",
];

export const AIA_TASKS: readonly AiaTask[] = [
  {
    name: "ping-pong",
    what: "400 turns of two programs on two vCPUs, through pipes",
    vcpus: 2,
    command: "taskset 1 sh ping 1 400 & taskset 2 sh pong 1; wait",
  },
  {
    name: "crowd",
    what: `${PAIRS} such pairs anywhere, 50 turns each`,
    vcpus: 1,
    command: `for i in $(seq ${PAIRS}); do sh ping $i 50 & sh pong $i & done; wait`,
  },
  {
    name: "migration",
    what: "a program that moves itself to the other vCPU, 100 times",
    vcpus: 2,
    command: "sh wander 50 > /dev/null",
  },
  {
    name: "fork+exec",
    what: "60 programs by each of two shells",
    vcpus: 1,
    command: "sh forks 60 & sh forks 60; wait",
  },
];
