;; both sides meet behind a block's end
;;
;; region: andi a0, s3, 1
;; beqz a0, 1f
;; addi a1, a1, 1
;; j 2f
;; 1: addi a1, a1, 2
;; 2: mv a0, a1
;; ret

(func $region
  ;; $ra:i64 $a1:i64 $s3:i64 $a0:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $a1 (i64.load hart.a1 (local.get $hart)))
  (local.set $s3 (i64.load hart.s3 (local.get $hart)))
  (block $block1
    (block $block2
      (local.set $left (i32.sub (local.get $left) (i32.const 2)))
      (local.set $a0 (i64.and (local.get $s3) (i64.const 1)))
      (if
        (i64.eq (local.get $a0) (i64.const 0))
        (then
          (local.set $left (i32.sub (local.get $left) (i32.const 1)))
          (local.set $a1 (i64.add (local.get $a1) (i64.const 2)))
          (br $block2)))
      (local.set $left (i32.sub (local.get $left) (i32.const 2)))
      (local.set $a1 (i64.add (local.get $a1) (i64.const 1)))
      (br $block2))
    (local.set $left (i32.sub (local.get $left) (i32.const 2)))
    (local.set $a0 (local.get $a1))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i64.store hart.a1 (local.get $hart) (local.get $a1))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (unreachable))
