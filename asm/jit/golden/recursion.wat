;; a region that calls its own entry needs no table
;;
;; region: beqz a0, 2f
;; addi sp, sp, -16
;; sd ra, 0(sp)
;; addi a0, a0, -1
;; jal ra, region
;; ld ra, 0(sp)
;; addi sp, sp, 16
;; 2: ret

(func $region
  ;; $ra:i64 $sp:i64 $a0:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $sp (i64.load hart.sp (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (block $block1
    (block $block2
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (if
        (i64.eq (local.get $a0) (i64.const 0))
        (then
          (br $block2)))
      (local.set $left (i32.sub (local.get $left) (i32.const 4)))
      (local.set $sp (i64.add (local.get $sp) (i64.const -16)))
      (local.set $va (local.get $sp))
      (if @likely
        (i64.eq
          (i64.load write.page
            (local.tee $entry
              (i32.add
                (i32.and
                  (i32.wrap_i64 (i64.shr_u (local.get $va) (i64.const 8)))
                  (i32.const 0x3ff0))
                (local.get $tlb))))
          (i64.and (local.get $va) (i64.const -4089)))
        (then
          (i64.store
            (i32.add (i32.load write.addend (local.get $entry)) (i32.wrap_i64 (local.get $va)))
            (local.get $ra)))
        (else
          (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 12)))
          (call $core.store
            (local.get $hart)
            (local.get $va)
            (i32.const 3)
            (local.get $ra)
            (i32.const record))
          (if @unlikely
            (i32.load hart.trapPending (local.get $hart))
            (then
              (local.set $exit (i32.const 768))
              (br $block1)))))
      (local.set $a0 (i64.add (local.get $a0) (i64.const -1)))
      (local.set $pc (i64.add (local.get $page) (i64.const 4)))
      (local.set $ra (i64.add (local.get $page) (i64.const 24)))
      (i64.store hart.ra (local.get $hart) (local.get $ra))
      (i64.store hart.sp (local.get $hart) (local.get $sp))
      (i64.store hart.a0 (local.get $hart) (local.get $a0))
      (i32.store hart.jitLeft (local.get $hart) (local.get $left))
      (if @unlikely
        (i32.or (i32.eqz (local.get $depth)) (i32.lt_s (local.get $left) (i32.const 0)))
        (then
          (return (i64.add (local.get $pc) (i64.const 1)))))
      (local.set $pc
        (call $region
          (local.get $hart)
          (local.get $base)
          (local.get $page)
          (i32.sub (local.get $depth) (i32.const 1))))
      (if @unlikely
        (i64.ne (local.get $pc) (i64.add (local.get $page) (i64.const 24)))
        (then
          (if @unlikely
            (i64.ne
              (local.tee $pc
                (call $core.go
                  (local.get $hart)
                  (local.get $pc)
                  (i64.add (local.get $page) (i64.const 24))
                  (local.get $depth)))
              (i64.add (local.get $page) (i64.const 24)))
            (then
              (return (local.get $pc))))))
      (local.set $left (i32.load hart.jitLeft (local.get $hart)))
      (local.set $sp (i64.load hart.sp (local.get $hart)))
      (local.set $left (i32.sub (local.get $left) (i32.const 2)))
      (local.set $va (local.get $sp))
      (local.set $ra
        (if (result i64) @likely
          (i64.eq
            (i64.load read.page
              (local.tee $entry
                (i32.add
                  (i32.and
                    (i32.wrap_i64 (i64.shr_u (local.get $va) (i64.const 8)))
                    (i32.const 0x3ff0))
                  (local.get $tlb))))
            (i64.and (local.get $va) (i64.const -4089)))
          (then
            (i64.load
              (i32.add (i32.load read.addend (local.get $entry)) (i32.wrap_i64 (local.get $va)))))
          (else
            (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 24)))
            (call $core.load (local.get $hart) (local.get $va) (i32.const 3) (i32.const record))
            (if @unlikely
              (i32.load hart.trapPending (local.get $hart))
              (then
                (local.set $exit (i32.const 513))
                (br $block1))))))
      (local.set $sp (i64.add (local.get $sp) (i64.const 16)))
      (br $block2))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.ra (local.get $hart) (local.get $ra))
    (i64.store hart.sp (local.get $hart) (local.get $sp))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (block $block3
    (block $block4
      (br_table $block4 $block3 (i32.and (local.get $exit) (i32.const 255))))
    (i64.store hart.sp (local.get $hart) (local.get $sp))
    (i32.store hart.jitLeft
      (local.get $hart)
      (i32.add (local.get $left) (i32.shr_u (local.get $exit) (i32.const 8))))
    (return (i64.or (i64.load hart.pc (local.get $hart)) (i64.const 1))))
  (i32.store hart.jitLeft
    (local.get $hart)
    (i32.add (local.get $left) (i32.shr_u (local.get $exit) (i32.const 8))))
  (return (i64.or (i64.load hart.pc (local.get $hart)) (i64.const 1)))
  (unreachable))
