;; the entry word of the target is a table slot, or the core looks where to go
;;
;; region: mv t0, ra
;; addi a0, a0, 1
;; jal ra, callee
;; add a1, a1, a0
;; jr t0
;; callee: addi a0, a0, 2
;; ret

(func $region
  ;; $ra:i64 $a0:i64 $t0:i64 $a1:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $ra (i64.load hart.ra (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (block $block1
    (local.set $left (i32.sub (local.get $left) (i32.const 3)))
    (local.set $t0 (local.get $ra))
    (local.set $a0 (i64.add (local.get $a0) (i64.const 1)))
    (local.set $pc (i64.add (local.get $page) (i64.const 24)))
    (local.set $ra (i64.add (local.get $page) (i64.const 16)))
    (i64.store hart.ra (local.get $hart) (local.get $ra))
    (i64.store hart.t0 (local.get $hart) (local.get $t0))
    (i64.store hart.a0 (local.get $hart) (local.get $a0))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (if @unlikely
      (i32.or (i32.eqz (local.get $depth)) (i32.lt_s (local.get $left) (i32.const 0)))
      (then
        (return (i64.add (local.get $pc) (i64.const 1)))))
    (local.set $pc
      (if (result i64) @likely
        (i32.lt_s (local.tee $entry (i32.load entries+48 (local.get $base))) (i32.const 0))
        (then
          (call_indirect
            (local.get $hart)
            (local.get $base)
            (local.get $page)
            (i32.sub (local.get $depth) (i32.const 1))
            (i32.and (local.get $entry) (i32.const 0x7fffffff))))
        (else
          (call $core.go
            (local.get $hart)
            (local.get $pc)
            (i64.add (local.get $page) (i64.const 16))
            (local.get $depth)))))
    (if @unlikely
      (i64.ne (local.get $pc) (i64.add (local.get $page) (i64.const 16)))
      (then
        (if @unlikely
          (i64.ne
            (local.tee $pc
              (call $core.go
                (local.get $hart)
                (local.get $pc)
                (i64.add (local.get $page) (i64.const 16))
                (local.get $depth)))
            (i64.add (local.get $page) (i64.const 16)))
          (then
            (return (local.get $pc))))))
    (local.set $left (i32.load hart.jitLeft (local.get $hart)))
    (local.set $t0 (i64.load hart.t0 (local.get $hart)))
    (local.set $a0 (i64.load hart.a0 (local.get $hart)))
    (local.set $a1 (i64.load hart.a1 (local.get $hart)))
    (local.set $left (i32.sub (local.get $left) (i32.const 2)))
    (local.set $a1 (i64.add (local.get $a1) (local.get $a0)))
    (local.set $pc (i64.and (local.get $t0) (i64.const -2)))
    (i64.store hart.a1 (local.get $hart) (local.get $a1))
    (i32.store hart.jitLeft (local.get $hart) (local.get $left))
    (return (local.get $pc)))
  (unreachable))
