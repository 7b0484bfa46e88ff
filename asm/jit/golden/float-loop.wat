;; where the entry block writes an f register, it is entered with the state dirty only
;;
;; region: fld fa1, 0(s1)
;; fadd.d fa0, fa0, fa1
;; fsd fa0, 8(s1)
;; j region

(func $region
  ;; $group0:i32 $s1:i64 $fa0:f64 $fa1:f64 $group1:i32 $15:f64 $16:f64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (if @unlikely
    (i32.eqz (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 2)))
    (then
      (return (i64.add (local.get $page) (i64.const 17)))))
  (local.set $group0 (i32.load hart.jitFloatBound (local.get $hart)))
  (local.set $s1 (i64.load hart.s1 (local.get $hart)))
  (local.set $fa0 (f64.load hart.fa0 (local.get $hart)))
  (local.set $fa1 (f64.load hart.fa1 (local.get $hart)))
  (block $block1
    (loop $loop1
      (local.set $left (i32.sub (local.get $left) (i32.const 4)))
      (local.set $va (local.get $s1))
      (local.set $group1
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
              (i32.const 0x10010)
              (i32.const 0xcc80)))))
      (local.set $fa1
        (if (result f64) @likely
          (i32.ge_u (local.get $group1) (i32.const 4096))
          (then
            (f64.load (local.get $group1)))
          (else
            (local.set $va (local.get $s1))
            (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 16)))
            (call $core.load (local.get $hart) (local.get $va) (i32.const 11) (i32.const record))
            (if @unlikely
              (i32.load hart.trapPending (local.get $hart))
              (then
                (local.set $exit (i32.const 1024))
                (br $block1)))
            (f64.reinterpret_i64))))
      (local.set $fa0
        (if (result f64) @unlikely
          (i32.ge_u
            (i32.shl
              (i32.wrap_i64
                (i64.shr_u
                  (i64.reinterpret_f64 (local.tee $15 (f64.add (local.get $fa0) (local.get $fa1))))
                  (i64.const 32)))
              (i32.const 1))
            (local.get $group0))
          (then
            (if (result f64)
              (if (result i32)
                (i32.and (i32.load hart.jitFloat (local.get $hart)) (i32.const 8))
                (then
                  (f64.lt (f64.abs (local.get $15)) (f64.const Infinity)))
                (else
                  (local.set $16 (f64.sub (local.get $15) (local.get $fa0)))
                  (i32.and
                    (f64.eq
                      (f64.add
                        (f64.sub (local.get $fa0) (f64.sub (local.get $15) (local.get $16)))
                        (f64.sub (local.get $fa1) (local.get $16)))
                      (f64.const 0))
                    (i32.shr_u (i32.load hart.jitFloat (local.get $hart)) (i32.const 2)))))
              (then
                (local.get $15))
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
            (local.get $15))))
      (if @likely
        (i32.ge_u (local.get $group1) (i32.const 4096))
        (then
          (f64.store offset=8 (local.get $group1) (local.get $fa0)))
        (else
          (local.set $va (i64.add (local.get $s1) (i64.const 8)))
          (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 24)))
          (call $core.store
            (local.get $hart)
            (local.get $va)
            (i32.const 3)
            (i64.reinterpret_f64 (local.get $fa0))
            (i32.const record))
          (if @unlikely
            (i32.load hart.trapPending (local.get $hart))
            (then
              (local.set $exit (i32.const 512))
              (br $block1)))))
      (if @unlikely
        (i32.lt_s (local.get $left) (i32.const 0))
        (then
          (i32.store hart.jitLeft (local.get $hart) (local.get $left))
          (if @unlikely
            (call $core.poll (local.get $hart))
            (then
              (f64.store hart.fa0 (local.get $hart) (local.get $fa0))
              (f64.store hart.fa1 (local.get $hart) (local.get $fa1))
              (return (i64.add (local.get $page) (i64.const 17)))))
          (local.set $left (i32.load hart.jitLeft (local.get $hart)))))
      (br $loop1))
    (unreachable))
  (block $block2
    (br_table $block2 (i32.and (local.get $exit) (i32.const 255))))
  (f64.store hart.fa0 (local.get $hart) (local.get $fa0))
  (f64.store hart.fa1 (local.get $hart) (local.get $fa1))
  (i32.store hart.jitLeft
    (local.get $hart)
    (i32.add (local.get $left) (i32.shr_u (local.get $exit) (i32.const 8))))
  (return (i64.or (i64.load hart.pc (local.get $hart)) (i64.const 1)))
  (unreachable))
