;; an indirect jump ends the region with its target as the result
;;
;; region: jr ra

(func $region
  ;; $ra:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (unreachable))
