export const QEMU_IO_HELP = `Usage: qemu-io [OPTIONS]... [-c STRING]... [file]
Tries requests on disk images

  --image-opts         treat file as option string
  -c, --cmd STRING     run a command; without any, commands are read from standard input
  -f, --format FMT     the image's format; found out when absent
  -r, --read-only      open the image read-only
  -t, --cache=MODE     accepted for QEMU's sake, as are -n, -i, -k, -d and -T
  -U, --force-share    let others write the image at the same time
  -h, --help           this help
  -V, --version        the version

See 'qemu-io -c help' for the commands.
`;
