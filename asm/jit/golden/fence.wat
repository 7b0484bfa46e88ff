;; a fence is one atomic operation in place; nothing is written back for it
;;
;; region: sd a0, 0(s1)
;; fence rw, rw
;; ld a0, 8(s1)
;; ret

(func $region
  ;; $ra:i64 $s1:i64 $a0:i64 $group0:i32
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $s1 (i64.load hart.s1 (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 4)))
    (local.set $va (local.get $s1))
    (local.set $entry
      (i32.add
        (i32.and (i32.wrap_i64 (i64.shr_u (local.get $va) (i64.const 8))) (i32.const 0x3ff0))
        (local.get $tlb)))
    (local.set $group0
      (if (result i32) @likely
        (i64.le_u
          (i64.sub (local.get $va) (i64.load write.page (local.get $entry)))
          (i64.const 4080))
        (then
          (i32.add (i32.load write.addend (local.get $entry)) (i32.wrap_i64 (local.get $va))))
        (else
          (call $core.group (local.get $hart) (local.get $va) (i32.const 0x30010) (i32.const 0)))))
    (if @likely
      (i32.ge_u (local.get $group0) (i32.const 4096))
      (then
        (i64.store (local.get $group0) (local.get $a0)))
      (else
        (local.set $va (local.get $s1))
        (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 4)))
        (call $core.store
          (local.get $hart)
          (local.get $va)
          (i32.const 3)
          (local.get $a0)
          (i32.const record))
        (if @unlikely
          (i32.load hart.trapPending (local.get $hart))
          (then
            (local.set $exit (i32.const 1024))
            (br $block1)))))
    (drop (i32.atomic.rmw.add hart.fenceWord (local.get $hart) (i32.const 0)))
    (local.set $a0
      (if (result i64) @likely
        (i32.ge_u (local.get $group0) (i32.const 4096))
        (then
          (i64.load offset=8 (local.get $group0)))
        (else
          (local.set $va (i64.add (local.get $s1) (i64.const 8)))
          (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 12)))
          (call $core.load (local.get $hart) (local.get $va) (i32.const 3) (i32.const record))
          (if @unlikely
            (i32.load hart.trapPending (local.get $hart))
            (then
              (local.set $exit (i32.const 512))
              (br $block1))))))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (block $block2
    (br_table $block2 (i32.and (local.get $exit) (i32.const 255))))
  (i32.store hart.jitLeft
    (local.get $hart)
    (i32.add (local.get $left) (i32.shr_u (local.get $exit) (i32.const 8))))
  (return (i64.or (i64.load hart.pc (local.get $hart)) (i64.const 1)))
  (unreachable))
