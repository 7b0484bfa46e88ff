;; one look at the TLB serves several accesses through a register, and those of the blocks behind
;;
;; region: addi sp, sp, -32
;; sd s0, 0(sp)
;; sd s1, 8(sp)
;; beqz a0, 1f
;; lw a1, 4(sp)
;; 1: addi sp, sp, 32
;; ret

(func $region
  ;; $ra:i64 $sp:i64 $s0:i64 $s1:i64 $a0:i64 $a1:i64 $group0:i32 $word17:i32
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $sp (i64.load hart.sp (local.get $hart)))
  (local.set $s0 (i64.load hart.s0 (local.get $hart)))
  (local.set $s1 (i64.load hart.s1 (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (local.set $a1 (i64.load hart.a1 (local.get $hart)))
  (block $block1
    (block $block2
      (local.set $left (i32.sub (local.get $left) (i32.const 4)))
      (local.set $sp (i64.add (local.get $sp) (i64.const -32)))
      (local.set $va (local.get $sp))
      (local.set $group0
        (if (result i32) @likely
          (i64.le_u
            (i64.sub (local.get $va) (i64.load site.writes.page (local.get $tlb)))
            (i64.const 4080))
          (then
            (i32.add (i32.load site.writes.addend (local.get $tlb)) (i32.wrap_i64 (local.get $va))))
          (else
            (call $core.group
              (local.get $hart)
              (local.get $va)
              (i32.const 0x30010)
              (i32.const 0xcc40)))))
      (if @likely
        (i32.ge_u (local.get $group0) (i32.const 4096))
        (then
          (i64.store (local.get $group0) (local.get $s0)))
        (else
          (local.set $va (local.get $sp))
          (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 8)))
          (call $core.store
            (local.get $hart)
            (local.get $va)
            (i32.const 3)
            (local.get $s0)
            (i32.const record))
          (if @unlikely
            (i32.load hart.trapPending (local.get $hart))
            (then
              (local.set $exit (i32.const 768))
              (br $block1)))))
      (if @likely
        (i32.ge_u (local.get $group0) (i32.const 4096))
        (then
          (i64.store offset=8 (local.get $group0) (local.get $s1)))
        (else
          (local.set $va (i64.add (local.get $sp) (i64.const 8)))
          (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 12)))
          (call $core.store
            (local.get $hart)
            (local.get $va)
            (i32.const 3)
            (local.get $s1)
            (i32.const record))
          (if @unlikely
            (i32.load hart.trapPending (local.get $hart))
            (then
              (local.set $exit (i32.const 512))
              (br $block1)))))
      (if
        (i64.eq (local.get $a0) (i64.const 0))
        (then
          (br $block2)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (local.set $word17
        (if (result i32) @likely
          (i32.ge_u (local.get $group0) (i32.const 4096))
          (then
            (i32.load offset=4 (local.get $group0)))
          (else
            (local.set $va (i64.add (local.get $sp) (i64.const 4)))
            (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 20)))
            (call $core.load (local.get $hart) (local.get $va) (i32.const 6) (i32.const record))
            (if @unlikely
              (i32.load hart.trapPending (local.get $hart))
              (then
                (local.set $exit (i32.const 256))
                (br $block1)))
            (i32.wrap_i64))))
      (local.set $a1 (i64.extend_i32_s (local.get $word17)))
      (br $block2))
    (local.set $left (i32.sub (local.get $left) (i32.const 2)))
    (local.set $sp (i64.add (local.get $sp) (i64.const 32)))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.sp (local.get $hart) (local.get $sp))
    (i64.store hart.a1 (local.get $hart) (local.get $a1))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (block $block3
    (br_table $block3 (i32.and (local.get $exit) (i32.const 255))))
  (i64.store hart.sp (local.get $hart) (local.get $sp))
  (i32.store hart.jitLeft
    (local.get $hart)
    (i32.add (local.get $left) (i32.shr_u (local.get $exit) (i32.const 8))))
  (return (i64.or (i64.load hart.pc (local.get $hart)) (i64.const 1)))
  (unreachable))
