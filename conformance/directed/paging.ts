/** Translation: permissions, superpages, A and D, reserved encodings, MPRV, fences. */
import {
  type Scheme,
  V,
  R,
  W,
  X,
  U,
  A,
  D,
  N,
  PBMT_NC,
  RESERVED,
  PAGE,
  FETCH_FAULT,
  LOAD_FAULT,
  STORE_FAULT,
  TABLES,
  PAGES,
  SCHEMES,
  SV39,
  pte,
  VADDR,
  LEAVES,
  identityMap,
  mapPage,
  accessing,
  faults,
  works,
} from "./page-tables.ts";
import { USER_ALIAS } from "./script.ts";
import type { DirectedTest, Script } from "./script.ts";

const SUM = 1n << 18n;
const MXR = 1n << 19n;
const MPP_S = 1n << 11n;
const MPRV = 1n << 17n;
const TVM = 1n << 20n;
const ADUE = 1n << 61n;
const PBMTE = 1n << 62n;
const CBCFE = 1n << 6n;

/** The first page of PAGES holds code that returns. */
function writeReturn(t: Script): void {
  t.raw(`li t0, ${PAGES}`, "li t1, 0x8067", "sw t1, 0(t0)", "fence.i");
}

function permissions(t: Script, scheme: Scheme): void {
  writeReturn(t);
  identityMap(t, scheme);
  const kinds = ["load", "store", "fetch"] as const;
  const cases: [string, bigint, string][] = [
    ["r", R, "100"],
    ["rw", R | W, "110"],
    ["x", X, "001"],
    ["rx", R | X, "101"],
    ["rwx", R | W | X, "111"],
  ];
  for (const [name, flags, allowed] of cases) {
    for (const mode of ["U", "S"] as const) {
      mapPage(t, 0n, pte(PAGES, V | A | D | flags | (mode === "U" ? U : 0n)));
      for (const [i, kind] of kinds.entries()) {
        // A store through this page would overwrite its code.
        const at = kind === "fetch" ? VADDR : VADDR + 64n;
        (allowed[i] === "1" ? works : faults)(t, `${scheme.name} ${name}`, mode, kind, at);
      }
    }
  }
}

function userPages(t: Script): void {
  writeReturn(t);
  identityMap(t, SV39);
  mapPage(t, 0n, pte(PAGES, V | R | W | X | U | A | D));
  faults(t, "a user page without SUM", "S", "load", VADDR + 64n);
  faults(t, "a user page without SUM", "S", "store", VADDR + 64n);
  t.setCsr("mstatus", SUM);
  works(t, "a user page with SUM", "S", "load", VADDR + 64n);
  works(t, "a user page with SUM", "S", "store", VADDR + 64n);
  faults(t, "a user page with SUM", "S", "fetch", VADDR);
  t.clearCsr("mstatus", SUM);
  mapPage(t, 0n, pte(PAGES, V | R | W | X | A | D));
  for (const kind of ["load", "store"] as const) {
    faults(t, "a supervisor page", "U", kind, VADDR + 64n);
  }
  faults(t, "a supervisor page", "U", "fetch", VADDR);
  mapPage(t, 0n, pte(PAGES, V | X | A));
  faults(t, "execute-only without MXR", "S", "load", VADDR);
  t.setCsr("mstatus", MXR);
  works(t, "execute-only with MXR", "S", "load", VADDR);
  faults(t, "execute-only with MXR", "S", "store", VADDR);
  t.clearCsr("mstatus", MXR);
}

function accessedDirty(t: Script): void {
  identityMap(t, SV39);
  const leaf = LEAVES;
  const entry = (flags: bigint): bigint => pte(PAGES, V | R | W | flags);
  // Svade.
  mapPage(t, 0n, entry(0n));
  faults(t, "A clear without hardware updates", "S", "load", VADDR);
  mapPage(t, 0n, entry(A));
  works(t, "D clear without hardware updates", "S", "load", VADDR);
  faults(t, "D clear without hardware updates", "S", "store", VADDR);
  t.expectMemory("the entry is unchanged", leaf, entry(A));
  // Svadu.
  t.setCsr("menvcfg", ADUE);
  mapPage(t, 0n, entry(0n));
  works(t, "A clear with hardware updates", "S", "load", VADDR);
  t.expectMemory("a load sets A only", leaf, entry(A));
  works(t, "D clear with hardware updates", "S", "store", VADDR);
  t.expectMemory("a store sets D", leaf, entry(A | D));
  mapPage(t, 0n, pte(PAGES, V | R));
  faults(t, "a read-only page with hardware updates", "S", "store", VADDR);
  t.expectMemory("a store that faults sets nothing", leaf, pte(PAGES, V | R));
  mapPage(t, 0n, pte(0x100_0000n, V | R | W | A));
  t.setCsr("menvcfg", CBCFE);
  t.traps("cbo.clean where no memory is", "S", [`li a0, ${VADDR}`, "cbo.clean (a0)"], {
    cause: 7n,
    tval: VADDR,
  });
  t.expectMemory("is no store: D stays clear", leaf, pte(0x100_0000n, V | R | W | A));
  t.clearCsr("menvcfg", ADUE | CBCFE);
  t.raw("sfence.vma");
}

function reservedEntries(t: Script): void {
  identityMap(t, SV39);
  const good = V | R | W | A | D;
  const bad: [string, bigint][] = [
    ["V clear", pte(PAGES, good & ~V)],
    ["W without R", pte(PAGES, good & ~R)],
    ["a pointer at the last level", pte(PAGES, V)],
    ["a reserved bit", pte(PAGES, good | RESERVED)],
    ["PBMT without PBMTE", pte(PAGES, good | PBMT_NC)],
    ["an undefined NAPOT size", pte(PAGES, good | N) | (4n << 10n)],
  ];
  for (const [name, entry] of bad) {
    mapPage(t, 0n, entry);
    faults(t, name, "S", "load", VADDR);
  }
  t.setCsr("menvcfg", PBMTE);
  mapPage(t, 0n, pte(PAGES, good | PBMT_NC));
  works(t, "PBMT with PBMTE", "S", "load", VADDR);
  mapPage(t, 0n, pte(PAGES, good | (3n << 61n)));
  faults(t, "PBMT 3", "S", "load", VADDR);
  t.clearCsr("menvcfg", PBMTE);
  for (const [name, extra] of [
    ["A", A],
    ["D", D],
    ["U", U],
    ["N", N],
  ] as const) {
    t.poke(TABLES + 2n * PAGE, pte(LEAVES, V | extra));
    mapPage(t, 0n, pte(PAGES, good));
    faults(t, `${name} in a pointer`, "S", "load", VADDR);
  }
  t.poke(TABLES + 2n * PAGE, pte(0x100_0000n, V));
  t.raw("sfence.vma");
  t.traps("a table where no memory is", "S", accessing("load", VADDR), { cause: 5n, tval: VADDR });
}

function superpages(t: Script, scheme: Scheme): void {
  identityMap(t, scheme);
  const middle = TABLES + 2n * PAGE;
  const good = V | R | W | A | D;
  t.poke(PAGES + 0x5008n, 0x1234_5678n);
  t.poke(middle + 8n, pte(PAGES & ~0x1f_ffffn, good));
  t.raw("sfence.vma");
  const at = VADDR + 0x20_0000n + ((PAGES + 0x5008n) & 0x1f_ffffn);
  t.runs(`${scheme.name}: a 2 MiB page`, "S", accessing("load", at));
  t.equal("a1", 0x1234_5678n);
  t.poke(middle + 8n, pte((PAGES & ~0x1f_ffffn) + PAGE, good));
  t.raw("sfence.vma");
  faults(t, `${scheme.name}: a misaligned 2 MiB page`, "S", "load", at);
  t.runs(`${scheme.name}: a 1 GiB page`, "S", accessing("load", PAGES + 0x5008n));
  t.equal("a1", 0x1234_5678n);
  const beyond = 1n << BigInt(12 + 9 * scheme.levels - 1);
  faults(t, `${scheme.name}: an address that is not canonical`, "S", "load", beyond);
  faults(t, `${scheme.name}: an address that is not canonical`, "S", "store", beyond);
  faults(t, `${scheme.name}: an address that is not canonical`, "S", "fetch", beyond);
}

function napot(t: Script): void {
  identityMap(t, SV39);
  const block = PAGES & ~0xffffn;
  for (let i = 0n; i < 16n; i++) {
    t.poke(block + i * PAGE, i + 1n);
    t.poke(LEAVES + 8n * (0x20n + i), pte(block, V | R | A | D | N) | (8n << 10n));
  }
  t.raw("sfence.vma");
  for (const i of [0n, 7n, 15n]) {
    t.runs(`page ${i} of a 64 KiB range`, "S", accessing("load", VADDR + (0x20n + i) * PAGE));
    t.equal("a1", i + 1n);
  }
}

function borrowed(t: Script): void {
  identityMap(t, SV39);
  t.poke(PAGES, 0xabcdn);
  mapPage(t, 0n, pte(PAGES, V | R | W | A | D));
  const borrow = (mpp: bigint): string[] => [
    "li t0, 0x1800",
    "csrc mstatus, t0",
    `li t0, ${MPRV | mpp}`,
    "csrs mstatus, t0",
  ];
  t.check("M-mode loads with S-mode's translation");
  t.raw("li t1, 0x20000", ...borrow(MPP_S), `li a0, ${VADDR}`, "ld a1, 0(a0)", "csrc mstatus, t1");
  t.equal("a1", 0xabcdn);
  t.traps("and with U-mode's rights", "M", [...borrow(0n), ...accessing("load", VADDR)], {
    cause: LOAD_FAULT,
    tval: VADDR,
  });
  t.traps("but fetches with its own", "M", [...borrow(MPP_S), `li a0, ${VADDR}`, "jr a0"], {
    cause: 1n,
    tval: VADDR,
  });
}

function controls(t: Script): void {
  identityMap(t, SV39);
  t.check("a write of an unsupported mode changes nothing in satp");
  t.raw(
    "csrr a0, satp",
    "li a1, 1",
    "slli a1, a1, 60",
    "csrw satp, a1",
    "csrr a2, satp",
    "sub a3, a0, a2",
  );
  t.equal("a3", 0n);
  t.setCsr("mstatus", TVM);
  for (const line of ["csrr a0, satp", "sfence.vma", "sinval.vma a0, a1"]) {
    t.traps(`with TVM: ${line}`, "S", [line], { cause: 2n });
  }
  t.runs("but not SFENCE.W.INVAL and SFENCE.INVAL.IR", "S", ["sfence.w.inval", "sfence.inval.ir"]);
  t.clearCsr("mstatus", TVM);
  for (const line of ["sfence.vma", "sinval.vma a0, a1", "sfence.w.inval", "sfence.inval.ir"]) {
    t.traps(`from U-mode: ${line}`, "U", [line], { cause: 2n }, USER_ALIAS);
  }
  // Another page appears at the same address.
  t.poke(PAGES, 1n);
  t.poke(PAGES + PAGE, 2n);
  mapPage(t, 0n, pte(PAGES, V | R | A));
  t.runs("the first page", "S", accessing("load", VADDR));
  t.equal("a1", 1n);
  t.poke(LEAVES, pte(PAGES + PAGE, V | R | A));
  t.runs("after SFENCE.VMA of its address the second", "S", [
    `li a0, ${VADDR}`,
    "sfence.vma a0, zero",
    "ld a1, 0(a0)",
  ]);
  t.equal("a1", 2n);
}

function crossing(t: Script): void {
  identityMap(t, SV39);
  const rw = V | R | W | A | D;
  // Two neighbours in virtual memory, apart and in the other order in physical memory.
  mapPage(t, 0n, pte(PAGES + 3n * PAGE, rw));
  mapPage(t, 1n, pte(PAGES + PAGE, rw));
  t.poke(PAGES + 4n * PAGE - 8n, 0x0807_0605_0403_0201n);
  t.poke(PAGES + PAGE, 0x100f_0e0d_0c0b_0a09n);
  for (let k = 1n; k < 8n; k++) {
    t.runs(
      `a load with ${k} bytes in the next page`,
      "S",
      accessing("load", VADDR + PAGE - 8n + k),
    );
    const both = 0x100f_0e0d_0c0b_0a09_0807_0605_0403_0201n;
    t.equal("a1", BigInt.asUintN(64, both >> (8n * k)));
  }
  t.runs("a store across", "S", [
    "li a1, 0x1122334455667788",
    ...accessing("store", VADDR + PAGE - 3n),
  ]);
  t.expectMemory("its first part", PAGES + 4n * PAGE - 8n, 0x6677_8805_0403_0201n);
  t.expectMemory("its second part", PAGES + PAGE, 0x100f_0e11_2233_4455n);
  mapPage(t, 1n, pte(PAGES + PAGE, V | R | A));
  t.traps(
    "a store whose second page is read-only",
    "S",
    ["li a1, -1", ...accessing("store", VADDR + PAGE - 4n)],
    {
      cause: STORE_FAULT,
      tval: VADDR + PAGE,
    },
  );
  t.expectMemory("leaves the first page alone", PAGES + 4n * PAGE - 8n, 0x6677_8805_0403_0201n);
  mapPage(t, 1n, 0n);
  t.traps("a load whose second page is absent", "S", accessing("load", VADDR + PAGE - 1n), {
    cause: LOAD_FAULT,
    tval: VADDR + PAGE,
  });
  // An instruction across pages: its first half is a legal beginning.
  mapPage(t, 0n, pte(PAGES + 3n * PAGE, rw | X));
  t.raw(`li t0, ${PAGES + 4n * PAGE - 2n}`, "li t1, 0x8067", "sh t1, 0(t0)", "fence.i");
  t.traps(
    "an instruction whose second half is absent",
    "S",
    [`li a0, ${VADDR + PAGE - 2n}`, "jalr a0"],
    {
      cause: FETCH_FAULT,
      tval: VADDR + PAGE,
    },
  );
  t.check("xepc is where it begins");
  t.equal("s4", VADDR + PAGE - 2n);
}

export const PAGING: readonly DirectedTest[] = [
  ...SCHEMES.map((scheme) => ({
    name: `${scheme.name} permissions`,
    write: (t: Script) => permissions(t, scheme),
  })),
  ...SCHEMES.map((scheme) => ({
    name: `${scheme.name} superpages`,
    write: (t: Script) => superpages(t, scheme),
  })),
  { name: "user and supervisor pages", write: userPages },
  { name: "accessed and dirty", write: accessedDirty },
  { name: "reserved page-table entries", write: reservedEntries },
  { name: "NAPOT ranges", write: napot },
  { name: "MPRV", write: borrowed },
  { name: "translation controls", write: controls },
  { name: "accesses across pages", write: crossing },
];
