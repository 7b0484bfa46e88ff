;; registers are loaded at entry and written back at the return, x0 is a constant
;;
;; region: add a0, a0, a1
;; slli a2, a0, 3
;; addiw a1, zero, -1
;; sub a0, a2, a1
;; ret

(func $region
  ;; $ra:i64 $a0:i64 $a1:i64 $a2:i64 $word14:i32
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (local.set $a1 (i64.load hart.a1 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 5)))
    (local.set $a0 (i64.add (local.get $a0) (local.get $a1)))
    (local.set $a2 (i64.shl (local.get $a0) (i64.const 3)))
    (local.set $word14 (i32.add (i32.const 0) (i32.const -1)))
    (local.set $a0 (i64.sub (local.get $a2) (i64.extend_i32_s (local.get $word14))))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i64.store hart.a1 (local.get $hart) (i64.extend_i32_s (local.get $word14)))
    (i64.store hart.a2 (local.get $hart) (local.get $a2))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (unreachable))
