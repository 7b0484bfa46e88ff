;; boxes are looked at where they are not known, here those of the first operands only
;;
;; region: fmul.s fa0, fa1, fa2
;; fsub.s fa0, fa0, fa1
;; ret

(func $region
  ;; $group0:i32 $ra:i64 $fa1:f64 $fa2:f64 $14:f32 $fa0:f64 $16:f32
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (if @unlikely
    (i32.eqz (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 2)))
    (then
      (return (i64.add (local.get $page) (i64.const 5)))))
  (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $fa1 (f64.load hart.fa1 (local.get $hart)))
  (local.set $fa2 (f64.load hart.fa2 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 3)))
    (local.set $fa0
      (if (result f64) @unlikely
        (i32.or
          (i32.ge_u
            (i32.sub
              (i32.shl
                (i32.reinterpret_f32
                  (local.tee $14
                    (f32.mul
                      (f32x4.extract_lane 0 (f64x2.splat (local.get $fa1)))
                      (f32x4.extract_lane 0 (f64x2.splat (local.get $fa2))))))
                (i32.const 1))
              (i32.const 0x2000000))
            (local.get $group0))
          (i64.ne
            (i64.shr_s
              (i64.and
                (i64.reinterpret_f64 (local.get $fa1))
                (i64.reinterpret_f64 (local.get $fa2)))
              (i64.const 32))
            (i64.const -1)))
        (then
          (if (result f64)
            (i32.eqz
              (i32.or
                (i32.eqz
                  (if (result i32)
                    (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 8))
                    (then
                      (f64.lt (f64.abs (f64.promote_f32 (local.get $14))) (f64.const Infinity)))
                    (else
                      (i32.and
                        (f64.eq
                          (f64.mul
                            (f64.promote_f32 (f32x4.extract_lane 0 (f64x2.splat (local.get $fa1))))
                            (f64.promote_f32 (f32x4.extract_lane 0 (f64x2.splat (local.get $fa2)))))
                          (f64.promote_f32 (local.get $14)))
                        (i32.shr_u (i32.load hart.jitFloat (local.get $hart)) (i32.const 2))))))
                (i64.ne
                  (i64.shr_s
                    (i64.and
                      (i64.reinterpret_f64 (local.get $fa1))
                      (i64.reinterpret_f64 (local.get $fa2)))
                    (i64.const 32))
                  (i64.const -1))))
            (then
              (f64x2.extract_lane 0
                (f32x4.replace_lane 0 (f64x2.splat (local.get $fa1)) (local.get $14))))
            (else
              (call $core.float
                (local.get $hart)
                (i32.const record)
                (i32.const record)
                (i64.reinterpret_f64 (local.get $fa1))
                (i64.reinterpret_f64 (local.get $fa2))
                (i64.const 0))
              (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
              (f64.reinterpret_i64))))
        (else
          (f64x2.extract_lane 0
            (f32x4.replace_lane 0 (f64x2.splat (local.get $fa1)) (local.get $14))))))
    (local.set $fa0
      (if (result f64) @unlikely
        (i32.or
          (i32.ge_u
            (i32.shl
              (i32.reinterpret_f32
                (local.tee $14
                  (f32.sub
                    (f32x4.extract_lane 0 (f64x2.splat (local.get $fa0)))
                    (f32x4.extract_lane 0 (f64x2.splat (local.get $fa1))))))
              (i32.const 1))
            (local.get $group0))
          (i64.ne (i64.shr_s (i64.reinterpret_f64 (local.get $fa1)) (i64.const 32)) (i64.const -1)))
        (then
          (if (result f64)
            (i32.eqz
              (i32.or
                (i32.eqz
                  (if (result i32)
                    (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 8))
                    (then
                      (f64.lt (f64.abs (f64.promote_f32 (local.get $14))) (f64.const Infinity)))
                    (else
                      (local.set $16
                        (f32.sub
                          (local.get $14)
                          (f32x4.extract_lane 0 (f64x2.splat (local.get $fa0)))))
                      (i32.and
                        (f64.eq
                          (f64.promote_f32
                            (f32.sub
                              (f32.sub
                                (f32x4.extract_lane 0 (f64x2.splat (local.get $fa0)))
                                (f32.sub (local.get $14) (local.get $16)))
                              (f32.add
                                (f32x4.extract_lane 0 (f64x2.splat (local.get $fa1)))
                                (local.get $16))))
                          (f64.const 0))
                        (i32.shr_u (i32.load hart.jitFloat (local.get $hart)) (i32.const 2))))))
                (i64.ne
                  (i64.shr_s (i64.reinterpret_f64 (local.get $fa1)) (i64.const 32))
                  (i64.const -1))))
            (then
              (f64x2.extract_lane 0
                (f32x4.replace_lane 0 (f64x2.splat (local.get $fa0)) (local.get $14))))
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
          (f64x2.extract_lane 0
            (f32x4.replace_lane 0 (f64x2.splat (local.get $fa0)) (local.get $14))))))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (f64.store hart.fa0 (local.get $hart) (local.get $fa0))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (unreachable))
