export const QEMU_IMG_HELP = `usage: qemu-img [standard options] command [command options]
Makes, looks at and changes disk images

  -h, --help     this help
  -V, --version  the version
  -T, --trace    accepted for QEMU's sake

Commands:
  amend [-p] [-q] [-f fmt] [-t cache] -o options filename
  bench [-c count] [-d depth] [-f fmt] [--flush-interval=N] [-o offset] [--pattern=byte] [-q]
        [-s buffer_size] [-S step_size] [-w] [-U] filename
  bitmap (--merge SOURCE | --add | --remove | --clear | --enable | --disable)...
        [-b source_file [-F source_fmt]] [-g granularity] [-f fmt] filename bitmap
  check [-q] [-f fmt] [--output=human|json] [-r leaks|all] [-U] filename
  commit [-q] [-f fmt] [-b base] [-d] [-p] filename
  compare [-f fmt] [-F fmt] [-p] [-q] [-s] [-U] filename1 filename2
  convert [--target-is-zero] [--bitmaps] [-U] [-c] [-p] [-q] [-n] [-f fmt] [-O output_fmt]
        [-B backing_file [-F backing_fmt]] [-o options] [-l snapshot] [-S sparse_size]
        [--salvage] filename [filename2 ...] output_filename
  create [-q] [-f fmt] [-b backing_file [-F backing_fmt]] [-u] [-o options] filename [size]
  dd [-f fmt] [-O output_fmt] [bs=N] [count=N] [skip=N] if=input of=output
  info [-f fmt] [--output=human|json] [--backing-chain] [-U] filename
  map [-f fmt] [--start-offset=N] [--max-length=N] [--output=human|json] [-U] filename
  measure [--output=human|json] [-O output_fmt] [-o options] [--size N | [-f fmt] filename]
  rebase [-U] [-q] [-f fmt] [-p] [-u] -b backing_file [-F backing_fmt] filename
  resize [-f fmt] [--preallocation=mode] [-q] [--shrink] filename [+|-]size
  snapshot [-U] [-q] [-l | -a name | -c name | -d name] filename

Each takes --image-opts to read a filename as options. '-o help' lists the options of a format.
`;
