/** `virt-install --help`. */
import { OPTION_TABLES } from "../virtinst/options/index.ts";

/** Sub-options are listed by `--option=?`. */
export function helpText(): string {
  const tables = OPTION_TABLES.map(({ flag }) => `  ${flag}`).join("\n");
  return `usage: virt-install --name NAME --memory MB STORAGE INSTALL [options]

Create a new virtual machine from specified install media.

General Options:
  --connect URI          the connection, as test:///default
  -n, --name NAME        the guest's name
  --osinfo OS            its operating system; 'list' prints those known

Installation Method Options:
  --cdrom PATH           a CD or its image
  -l, --location FOLDER,kernel=PATH,initrd=PATH
  --pxe                  from the network
  --import               a disk that has a system
  -x, --extra-args ARGS  for the kernel of --location
  --install OPTIONS      kernel=, initrd=, kernel_args=, bootdev=, no_install=

Platform Options:
  -v, --hvm  -p, --paravirt  --container  --virt-type TYPE  --arch ARCH  --machine MACHINE

Parts of the guest, with sub-options between commas; '--disk=?' lists those of one:
${tables}
  --xml PATH=VALUE       changes the finished XML

Miscellaneous Options:
  --autostart  --transient  --destroy-on-exit  --wait [MINUTES]  --noreboot
  --autoconsole text|graphical|none  --noautoconsole  --print-xml [1|2|all]  --dry-run
  --check NAME=off  -q, --quiet  -d, --debug
`;
}
