;; a CSR access is the core's; instret is exact, and only its registers are written back
;;
;; region: addi a0, a0, 1
;; addi a1, a1, 1
;; csrrs a1, mscratch, a0
;; ret

(func $region
  ;; $ra:i64 $a0:i64 $a1:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (local.set $a1 (i64.load hart.a1 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 4)))
    (local.set $a0 (i64.add (local.get $a0) (i64.const 1)))
    (local.set $a1 (i64.add (local.get $a1) (i64.const 1)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i64.store hart.a1 (local.get $hart) (local.get $a1))
    (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 12)))
    (i64.store hart.instret
      (local.get $hart)
      (i64.sub
        (i64.load hart.jitLimit (local.get $hart))
        (i64.extend_i32_s (i32.add (local.get $left) (i32.const 2)))))
    (call $core.slow (local.get $hart) (i32.const record) (i32.const record))
    (if @unlikely
      (i32.load hart.trapPending (local.get $hart))
      (then
        (local.set $exit (i32.const 512))
        (br $block1)))
    (local.set $a1 (i64.load hart.a1 (local.get $hart)))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (block $block2
    (br_table $block2 (i32.and (local.get $exit) (i32.const 255))))
  (i32.store hart.jitLeft
    (local.get $hart)
    (i32.add (local.get $left) (i32.shr_u (local.get $exit) (i32.const 8))))
  (return (i64.or (i64.load hart.pc (local.get $hart)) (i64.const 1)))
  (unreachable))
