/** English messages of the host check. */
export const enHostCheck = {
  "host.intro": "What this browser and this server give to machines.",
  "host.again": "Check again",
  "host.copy": "Copy as text",
  "host.copied": "The report was copied",
  "host.list": "Checks",
  "host.result": "Result",
  "host.what": "Checked",
  "host.found": "Found",
  "host.fixTitle": "What to do",
  "host.persist": "Ask to keep it",
  "host.persistRefused": "The browser did not agree",
  "host.persistRefusedHint":
    "Browsers agree for sites that are visited often, bookmarked or installed.",
  "host.unknown": "Not told",
  "host.left": "{left} left",
  "host.checking": "Checking {text}",
  "host.level.pass": "PASS",
  "host.level.warn": "WARN",
  "host.level.fail": "FAIL",
  "host.summary.pass": "Everything is there.",
  "host.summary.warn": "Machines run. Could be better: {count}.",
  "host.summary.fail": "Machines cannot run here. Missing: {count}.",

  "host.check.secure": "for a secure context",
  "host.check.isolation": "for cross-origin isolation",
  "host.check.sharedMemory": "for SharedArrayBuffer",
  "host.check.wasm": "for WebAssembly",
  "host.check.threads": "for WebAssembly threads",
  "host.check.simd": "for WebAssembly SIMD",
  "host.check.bulkMemory": "for WebAssembly bulk memory",
  "host.check.relaxedSimd": "for WebAssembly relaxed SIMD",
  "host.check.memorySize": "for 4 GiB of shared WebAssembly memory",
  "host.check.waitAsync": "for Atomics.waitAsync",
  "host.check.locks": "for Web Locks",
  "host.check.broadcast": "for BroadcastChannel",
  "host.check.privateFiles": "for the origin private file system",
  "host.check.syncAccess": "for synchronous access to its files",
  "host.check.quota": "for space for disk images",
  "host.check.persisted": "if what is stored is kept",
  "host.check.cores": "for two processors or more",
  "host.check.deviceMemory": "for 4 GiB of memory or more",
  "host.check.folders": "for access to folders and files of this computer",
  "host.check.serviceWorker": "for service workers",

  "host.fix.relaxedSimd":
    "Fused multiply-add of guests is computed step by step: a newer browser is faster.",
  "host.fix.memorySize":
    "Guests have less memory than 3 GiB at most: use a 64-bit browser, or close other tabs.",
  "host.fix.waitAsync": "Devices are woken by messages, which takes longer: use a newer browser.",
  "host.fix.privateFiles":
    "Disks and definitions are gone with the page: leave private browsing, or use another browser.",
  "host.fix.syncAccess": "Disks cannot be kept on this computer: use a newer browser.",
  "host.fix.quota": "Free space on this computer, or delete volumes that are not needed.",
  "host.fix.persisted":
    "The browser may delete disks when space is short: ask it to keep them, or bookmark this page.",
  "host.fix.cores": "Machines and their devices share one processor: use a computer with more.",
  "host.fix.deviceMemory": "Give guests little memory, and close what is not needed.",
  "host.fix.folders":
    "Folders of this computer cannot be pools, and downloads go through memory: use Chrome or Edge.",
  "host.fix.serviceWorker":
    "Servers must send the headers for cross-origin isolation themselves: leave private browsing, or allow service workers.",
} as const;
