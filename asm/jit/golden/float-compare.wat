;; operands in no order are the core's
;;
;; region: flt.d a0, fa0, fa1
;; ret

(func $region
  ;; $group0:i32 $ra:i64 $fa0:f64 $fa1:f64 $group1:i32 $15:i64 $a0:i64
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
    (local.set $left (i32.sub (local.get $left) (i32.const 2)))
    (local.set $15
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
            (local.set $15)))))
    (local.set $a0 (local.get $15))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (unreachable))
