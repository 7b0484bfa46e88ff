;; flags are read and put back in place; what changes them is the core's
;;
;; region: frflags a0
;; flt.d a1, fa0, fa1
;; fsflags a0
;; frrm a2
;; ret

(func $region
  ;; $group0:i32 $ra:i64 $fa0:f64 $fa1:f64 $a0:i64 $group1:i32 $16:i64 $a1:i64
  ;; $a2:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (if @unlikely
    (i32.eqz (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 1)))
    (then
      (return (i64.add (local.get $page) (i64.const 5)))))
  (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $fa0 (f64.load hart.fa0 (local.get $hart)))
  (local.set $fa1 (f64.load hart.fa1 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 5)))
    (local.set $a0 (i64.load8_u hart.fflags (local.get $hart)))
    (local.set $16
      (i64.extend_i32_u (local.tee $group1 (f64.lt (local.get $fa0) (local.get $fa1)))))
    (if @unlikely
      (i32.eqz (i32.or (local.get $group1) (f64.ge (local.get $fa0) (local.get $fa1))))
      (then
        (if
          (i32.eqz (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 16)))
          (then
            (call $core.float
              (local.get $hart)
              (i32.const record)
              (i32.const record)
              (i64.reinterpret_f64 (local.get $fa0))
              (i64.reinterpret_f64 (local.get $fa1))
              (i64.const 0))
            (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
            (local.set $16)))))
    (local.set $a1 (local.get $16))
    (local.set $16 (i64.load8_u hart.fflags (local.get $hart)))
    (if @unlikely
      (i32.or
        (i64.ne (i64.and (local.get $a0) (i64.const 31)) (local.get $16))
        (i32.eqz (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 2))))
      (then
        (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 12)))
        (local.set $16
          (call $core.float
            (local.get $hart)
            (i32.const record)
            (i32.const record)
            (local.get $a0)
            (i64.const 0)
            (i64.const 0)))
        (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
        (if @unlikely
          (i32.load hart.trapPending (local.get $hart))
          (then
            (local.set $exit (i32.const 768))
            (br $block1)))))
    (local.set $a2 (i64.load8_u hart.frm (local.get $hart)))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i64.store hart.a1 (local.get $hart) (local.get $a1))
    (i64.store hart.a2 (local.get $hart) (local.get $a2))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (block $block2
    (br_table $block2 (i32.and (local.get $exit) (i32.const 255))))
  (i64.store hart.a0 (local.get $hart) (local.get $a0))
  (i64.store hart.a1 (local.get $hart) (local.get $a1))
  (i32.store hart.jitLeft
    (local.get $hart)
    (i32.add (local.get $left) (i32.shr_u (local.get $exit) (i32.const 8))))
  (return (i64.or (i64.load hart.pc (local.get $hart)) (i64.const 1)))
  (unreachable))
