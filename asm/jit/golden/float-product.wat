;; products that may be tiny are looked at as well; a zero operand makes them exact
;;
;; region: fmul.d fa0, fa0, fa1
;; ret

(func $region
  ;; $group0:i32 $ra:i64 $fa0:f64 $fa1:f64 $14:f64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (if @unlikely
    (i32.eqz (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 2)))
    (then
      (return (i64.add (local.get $page) (i64.const 5)))))
  (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $fa0 (f64.load hart.fa0 (local.get $hart)))
  (local.set $fa1 (f64.load hart.fa1 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 2)))
    (local.set $fa0
      (if (result f64) @unlikely
        (i32.ge_u
          (i32.sub
            (i32.shl
              (i32.wrap_i64
                (i64.shr_u
                  (i64.reinterpret_f64 (local.tee $14 (f64.mul (local.get $fa0) (local.get $fa1))))
                  (i64.const 32)))
              (i32.const 1))
            (i32.const 0x400000))
          (local.get $group0))
        (then
          (if (result f64)
            (if (result i32)
              (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 8))
              (then
                (f64.lt (f64.abs (local.get $14)) (f64.const Infinity)))
              (else
                (i32.and
                  (i32.or
                    (i32.and
                      (f64.eq (local.get $14) (f64.const 0))
                      (i32.or
                        (f64.eq (local.get $fa0) (f64.const 0))
                        (f64.eq (local.get $fa1) (f64.const 0))))
                    (i32.and
                      (f64.gt (f64.abs (local.get $14)) (f64.const 1.0261342003245941e-289))
                      (f64.eq
                        (f64x2.extract_lane 0
                          (f64x2.relaxed_nmadd
                            (f64x2.splat (local.get $fa0))
                            (f64x2.splat (local.get $fa1))
                            (f64x2.splat (local.get $14))))
                        (f64.const 0))))
                  (i32.shr_u (i32.load hart.jitFloat (local.get $hart)) (i32.const 2)))))
            (then
              (local.get $14))
            (else
              (call $core.float
                (local.get $hart)
                (i32.const record)
                (i32.const record)
                (i64.reinterpret_f64 (local.get $fa0))
                (i64.reinterpret_f64 (local.get $fa1))
                (i64.const 0))
              (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
              (f64.reinterpret_i64))))
        (else
          (local.get $14))))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (f64.store hart.fa0 (local.get $hart) (local.get $fa0))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (unreachable))
