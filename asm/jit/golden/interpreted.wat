;; the region ends before a fence of translations, with the stop bit
;;
;; region: addi a0, a0, 1
;; sfence.vma
;; ret

(func $region
  ;; $a0:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (local.set $a0 (i64.add (local.get $a0) (i64.const 1)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (i64.add (local.get $page) (i64.const 9))))
  (unreachable))
