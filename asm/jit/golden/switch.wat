;; ways seen so far are jumped to by a table; any other leaves
;;
;; region: andi t0, s3, 1
;; la t1, ways
;; slli t0, t0, 3
;; add t1, t1, t0
;; jr t1
;; ways: addi a1, a1, 1
;; j 2f
;; addi a1, a1, 2
;; j 2f
;; 2: ret

(func $region
  ;; $ra:i64 $a1:i64 $s3:i64 $t0:i64 $t1:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $a1 (i64.load hart.a1 (local.get $hart)))
  (local.set $s3 (i64.load hart.s3 (local.get $hart)))
  (block $block1
    (block $block2
      (local.set $left (i32.sub (local.get $left) (i32.const 6)))
      (local.set $t0 (i64.and (local.get $s3) (i64.const 1)))
      (local.set $t1 (i64.add (i64.add (local.get $page) (i64.const 8)) (i64.const 0)))
      (local.set $t1 (i64.add (local.get $t1) (i64.const 20)))
      (local.set $t0 (i64.shl (local.get $t0) (i64.const 3)))
      (local.set $t1 (i64.add (local.get $t1) (local.get $t0)))
      (local.set $pc (i64.and (local.get $t1) (i64.const -2)))
      (block $block3
        (block $block4
          (block $block5
            (br_if $block3
              (i64.gt_u
                (local.tee $va (i64.sub (local.get $pc) (i64.add (local.get $page) (i64.const 28))))
                (i64.const 8)))
            (br_table $block4 $block3 $block3 $block3 $block5 $block3
              (i32.shr_u (i32.wrap_i64 (local.get $va)) (i32.const 1))))
          (local.set $left (i32.sub (local.get $left) (i32.const 2)))
          (local.set $a1 (i64.add (local.get $a1) (i64.const 2)))
          (br $block2))
        (local.set $left (i32.sub (local.get $left) (i32.const 2)))
        (local.set $a1 (i64.add (local.get $a1) (i64.const 1)))
        (br $block2))
      (i64.store hart.t0 (local.get $hart) (local.get $t0))
      (i64.store hart.t1 (local.get $hart) (local.get $t1))
      (i32.store hart.jitLeft (local.get $hart) (local.get $left))
      (return (local.get $pc)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.t0 (local.get $hart) (local.get $t0))
    (i64.store hart.t1 (local.get $hart) (local.get $t1))
    (i64.store hart.a1 (local.get $hart) (local.get $a1))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (unreachable))
