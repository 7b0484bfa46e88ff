;; word instructions compute in i32 locals; what leaves is extended on its way
;;
;; region: slliw a1, a0, 7
;; srliw a2, a0, 25
;; or a1, a1, a2
;; sw a1, 0(sp)
;; slli a0, a1, 32
;; srli a0, a0, 30
;; ret

(func $region
  ;; $ra:i64 $sp:i64 $a0:i64 $word13:i32 $word14:i32 $a1:i64 $a2:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $sp (i64.load hart.sp (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 7)))
    (local.set $word13 (i32.shl (i32.wrap_i64 (local.get $a0)) (i32.const 7)))
    (local.set $word14 (i32.shr_u (i32.wrap_i64 (local.get $a0)) (i32.const 25)))
    (local.set $word13 (i32.or (local.get $word13) (local.get $word14)))
    (local.set $va (local.get $sp))
    (if @likely
      (i64.eq
        (i64.load write.page
          (local.tee $entry
            (i32.add
              (i32.and (i32.wrap_i64 (i64.shr_u (local.get $va) (i64.const 8))) (i32.const 0x3ff0))
              (local.get $tlb))))
        (i64.and (local.get $va) (i64.const -4093)))
      (then
        (i32.store
          (i32.add (i32.load write.addend (local.get $entry)) (i32.wrap_i64 (local.get $va)))
          (local.get $word13)))
      (else
        (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 16)))
        (call $core.store
          (local.get $hart)
          (local.get $va)
          (i32.const 2)
          (i64.extend_i32_s (local.get $word13))
          (i32.const record))
        (if @unlikely
          (i32.load hart.trapPending (local.get $hart))
          (then
            (local.set $a1 (i64.extend_i32_s (local.get $word13)))
            (local.set $a2 (i64.extend_i32_s (local.get $word14)))
            (local.set $exit (i32.const 1024))
            (br $block1)))))
    (local.set $a0 (i64.shl (i64.extend_i32_u (local.get $word13)) (i64.const 2)))
    (local.set $pc (i64.and (local.get $ra) (i64.const -2)))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i64.store hart.a1 (local.get $hart) (i64.extend_i32_s (local.get $word13)))
    (i64.store hart.a2 (local.get $hart) (i64.extend_i32_s (local.get $word14)))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (block $block2
    (br_table $block2 (i32.and (local.get $exit) (i32.const 255))))
  (i64.store hart.a1 (local.get $hart) (local.get $a1))
  (i64.store hart.a2 (local.get $hart) (local.get $a2))
  (i32.store hart.jitLeft
    (local.get $hart)
    (i32.add (local.get $left) (i32.shr_u (local.get $exit) (i32.const 8))))
  (return (i64.or (i64.load hart.pc (local.get $hart)) (i64.const 1)))
  (unreachable))
