;; an AMO is the core's: dirty registers are written back, the result is read again
;;
;; region: addi a0, a0, 1
;; amoadd.d a1, a0, (s1)
;; add a0, a0, a1
;; ret

(func $region
  ;; $ra:i64 $a0:i64 $a1:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 4)))
    (local.set $a0 (i64.add (local.get $a0) (i64.const 1)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 8)))
    (call $core.slow (local.get $hart) (i32.const record) (i32.const record))
    (if @unlikely
      (i32.load hart.trapPending (local.get $hart))
      (then
        (local.set $exit (i32.const 768))
        (br $block1)))
    (local.set $a1 (i64.load hart.a1 (local.get $hart)))
    (local.set $a0 (i64.add (local.get $a0) (local.get $a1)))
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
