;; converting an integral number, or a short integer, is exact whatever the mode
;;
;; region: fcvt.w.d a0, fa0, rtz
;; fcvt.d.l fa1, a1
;; ret

(func $region
  ;; $group0:i32 $ra:i64 $a1:i64 $fa0:f64 $14:f64 $a0:i64 $fa1:f64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (if @unlikely
    (i32.eqz (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 2)))
    (then
      (return (i64.add (local.get $page) (i64.const 5)))))
  (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $a1 (i64.load hart.a1 (local.get $hart)))
  (local.set $fa0 (f64.load hart.fa0 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 3)))
    (local.set $14 (local.get $fa0))
    (local.set $a0
      (if (result i64) @unlikely
        (i32.or
          (i32.eqz (f64.lt (f64.abs (local.get $14)) (f64.const 2147483648)))
          (i32.eqz (i32.load hart.jitFloatBound (local.get $hart))))
        (then
          (if (result i64)
            (i32.and
              (f64.eq (local.get $14) (f64.trunc (local.get $14)))
              (i32.eqz (i32.eqz (f64.lt (f64.abs (local.get $14)) (f64.const 2147483648)))))
            (then
              (i64.extend_i32_s (i32.trunc_f64_s (local.get $14))))
            (else
              (call $core.float
                (local.get $hart)
                (i32.const record)
                (i32.const record)
                (i64.reinterpret_f64 (local.get $fa0))
                (i64.const 0)
                (i64.const 0))
              (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart))))))
        (else
          (i64.extend_i32_s (i32.trunc_f64_s (local.get $14))))))
    (local.set $fa1
      (if (result f64) @unlikely
        (i32.eqz (i32.load hart.jitFloatBound (local.get $hart)))
        (then
          (if (result f64)
            (i32.and
              (i64.lt_u
                (i64.add (local.get $a1) (i64.const 0x20000000000000))
                (i64.const 0x40000000000000))
              (i32.shr_u (i32.load hart.jitFloat (local.get $hart)) (i32.const 1)))
            (then
              (f64.convert_i64_s (local.get $a1)))
            (else
              (call $core.float
                (local.get $hart)
                (i32.const record)
                (i32.const record)
                (local.get $a1)
                (i64.const 0)
                (i64.const 0))
              (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
              (f64.reinterpret_i64))))
        (else
          (f64.convert_i64_s (local.get $a1)))))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (f64.store hart.fa1 (local.get $hart) (local.get $fa1))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (unreachable))
