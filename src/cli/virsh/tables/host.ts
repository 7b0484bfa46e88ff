/** The commands of `virsh help host`, as the real tool describes them. */
import type { CommandTable } from "../shell/spec.ts";

export const HOST = {
  allocpages: {
    summary: "Manipulate pages pool size",
    description: "Allocate or free some pages in the pool for NUMA cell.",
    options: {
      pagesize: {
        kind: "int",
        required: true,
        completes: "allocpages-pagesize",
        help: "page size (in kibibytes)",
      },
      pagecount: { kind: "int", required: true, help: "page count" },
      cellno: { kind: "int", completes: "cellno", help: "NUMA cell number" },
      add: { kind: "bool", help: "instead of setting new pool size add pages to it" },
      all: { kind: "bool", help: "set on all NUMA cells" },
    },
  },
  capabilities: {
    summary: "capabilities",
    description: "Returns capabilities of hypervisor/driver.",
    options: {},
  },
  "cpu-baseline": {
    summary: "compute baseline CPU",
    description: "Compute baseline CPU for a set of given CPUs.",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing XML CPU descriptions",
      },
      features: { kind: "bool", help: "Show features that are part of the CPU model type" },
      migratable: { kind: "bool", help: "Do not include features that block migration" },
    },
  },
  "cpu-compare": {
    summary: "compare host CPU with a CPU described by an XML file",
    description: "compare CPU with host CPU",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML CPU description",
      },
      error: { kind: "bool", help: "report error if CPUs are incompatible" },
      validate: { kind: "bool", help: "validate the XML document against schema" },
    },
  },
  "cpu-models": {
    summary: "CPU models",
    description: "Get the CPU models for an arch.",
    options: {
      arch: { kind: "data", required: true, completes: "arch", help: "architecture" },
    },
  },
  domcapabilities: {
    summary: "domain capabilities",
    description: "Returns capabilities of emulator with respect to host and libvirt.",
    options: {
      virttype: {
        kind: "string",
        completes: "domain-virt-type",
        help: "virtualization type (/domain/@type)",
      },
      emulatorbin: { kind: "string", help: "path to emulator binary (/domain/devices/emulator)" },
      arch: {
        kind: "string",
        completes: "arch",
        help: "domain architecture (/domain/os/type/@arch)",
      },
      machine: { kind: "string", help: "machine type (/domain/os/type/@machine)" },
    },
  },
  freecell: {
    summary: "NUMA free memory",
    description: "display available free memory for the NUMA cell.",
    options: {
      cellno: { kind: "int", completes: "cellno", help: "NUMA cell number" },
      all: { kind: "bool", help: "show free memory for all NUMA cells" },
    },
  },
  freepages: {
    summary: "NUMA free pages",
    description: "display available free pages for the NUMA cell.",
    options: {
      cellno: { kind: "int", completes: "cellno", help: "NUMA cell number" },
      pagesize: { kind: "int", completes: "allocpages-pagesize", help: "page size (in kibibytes)" },
      all: { kind: "bool", help: "show free pages for all NUMA cells" },
    },
  },
  hostname: {
    summary: "print the hypervisor hostname",
    description: "",
    options: {},
  },
  "hypervisor-cpu-baseline": {
    summary: "compute baseline CPU usable by a specific hypervisor",
    description:
      "Compute baseline CPU for a set of given CPUs. The result will be tailored to the specified hypervisor.",
    options: {
      file: {
        kind: "string",
        completes: "path-local-existing",
        help: "file containing XML CPU descriptions",
      },
      virttype: {
        kind: "string",
        completes: "domain-virt-type",
        help: "virtualization type (/domain/@type)",
      },
      emulator: { kind: "string", help: "path to emulator binary (/domain/devices/emulator)" },
      arch: { kind: "string", completes: "arch", help: "CPU architecture (/domain/os/type/@arch)" },
      machine: { kind: "string", help: "machine type (/domain/os/type/@machine)" },
      features: { kind: "bool", help: "Show features that are part of the CPU model type" },
      migratable: { kind: "bool", help: "Do not include features that block migration" },
      model: {
        kind: "string",
        completes: "cpu-model",
        help: "Shortcut for calling the command with a single CPU model and no additional features",
      },
    },
  },
  "hypervisor-cpu-compare": {
    summary: "compare a CPU with the CPU created by a hypervisor on the host",
    description: "compare CPU with hypervisor CPU",
    options: {
      file: {
        kind: "data",
        required: true,
        completes: "path-local-existing",
        help: "file containing an XML CPU description",
      },
      virttype: {
        kind: "string",
        completes: "domain-virt-type",
        help: "virtualization type (/domain/@type)",
      },
      emulator: { kind: "string", help: "path to emulator binary (/domain/devices/emulator)" },
      arch: { kind: "string", completes: "arch", help: "CPU architecture (/domain/os/type/@arch)" },
      machine: { kind: "string", help: "machine type (/domain/os/type/@machine)" },
      error: { kind: "bool", help: "report error if CPUs are incompatible" },
      validate: { kind: "bool", help: "validate the XML document against schema" },
    },
  },
  maxvcpus: {
    summary: "connection vcpu maximum",
    description: "Show maximum number of virtual CPUs for guests on this connection.",
    options: {
      type: { kind: "string", completes: "domain-virt-type", help: "domain type" },
    },
  },
  "node-memory-tune": {
    summary: "Get or set node memory parameters",
    description:
      "Get or set node memory parameters\n    To get the memory parameters, use following command: \n\n    virsh # node-memory-tune",
    options: {
      "shm-pages-to-scan": {
        kind: "int",
        help: "number of pages to scan before the shared memory service goes to sleep",
      },
      "shm-sleep-millisecs": {
        kind: "int",
        help: "number of millisecs the shared memory service should sleep before next scan",
      },
      "shm-merge-across-nodes": {
        kind: "int",
        help: "Specifies if pages from different numa nodes can be merged",
      },
    },
  },
  nodecpumap: {
    summary: "node cpu map",
    description:
      "Displays the node's total number of CPUs, the number of online CPUs and the list of online CPUs.",
    options: {
      pretty: { kind: "bool", help: "return human readable output" },
    },
  },
  nodecpustats: {
    summary: "Prints cpu stats of the node.",
    description: "Returns cpu stats of the node, in nanoseconds.",
    options: {
      cpu: { kind: "int", completes: "node-cpu", help: "prints specified cpu statistics only." },
      percent: { kind: "bool", help: "prints by percentage during 1 second." },
    },
  },
  nodeinfo: {
    summary: "node information",
    description: "Returns basic information about the node.",
    options: {},
  },
  nodememstats: {
    summary: "Prints memory stats of the node.",
    description: "Returns memory stats of the node, in kilobytes.",
    options: {
      cell: { kind: "int", help: "prints specified cell statistics only." },
    },
  },
  nodesevinfo: {
    summary: "node SEV information",
    description: "Returns basic SEV information about the node.",
    options: {},
  },
  nodesuspend: {
    summary: "suspend the host node for a given time duration",
    description:
      "Suspend the host node for a given time duration and attempt to resume thereafter.",
    options: {
      target: {
        kind: "data",
        required: true,
        completes: "node-suspend-target",
        help: "mem(Suspend-to-RAM), disk(Suspend-to-Disk), hybrid(Hybrid-Suspend)",
      },
      duration: { kind: "int", required: true, help: "Suspend duration in seconds, at least 60" },
    },
  },
  sysinfo: {
    summary: "print the hypervisor sysinfo",
    description: "output an XML string for the hypervisor sysinfo, if available",
    options: {},
  },
  uri: {
    summary: "print the hypervisor canonical URI",
    description: "",
    options: {},
  },
  version: {
    summary: "show version",
    description: "Display the system version information.",
    options: {
      daemon: { kind: "bool", help: "report daemon version too" },
    },
  },
} as const satisfies CommandTable;
