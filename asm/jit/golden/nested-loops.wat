;; a loop in a loop; both back edges poll
;;
;; region: li a0, 8
;; 1: addi a1, a1, 3
;; addi a0, a0, -1
;; bnez a0, 1b
;; addi a2, a2, 1
;; j region

(func $region
  ;; $a1:i64 $a2:i64 $a0:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $a1 (i64.load hart.a1 (local.get $hart)))
  (local.set $a2 (i64.load hart.a2 (local.get $hart)))
  (block $block1
    (loop $loop1
      (block $block2
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (local.set $a0 (i64.const 8))
        (br $block2))
      (loop $loop2
        (local.set $left (i32.sub (local.get $left) (i32.const 3)))
        (local.set $a1 (i64.add (local.get $a1) (i64.const 3)))
        (local.set $a0 (i64.add (local.get $a0) (i64.const -1)))
        (if
          (i64.ne (local.get $a0) (i64.const 0))
          (then
            (if @unlikely
              (i32.lt_s (local.get $left) (i32.const 0))
              (then
                (i32.store hart.jitLeft (local.get $hart) (local.get $left))
                (if @unlikely
                  (call $core.poll (local.get $hart))
                  (then
                    (i64.store hart.a0 (local.get $hart) (local.get $a0))
                    (i64.store hart.a1 (local.get $hart) (local.get $a1))
                    (i64.store hart.a2 (local.get $hart) (local.get $a2))
                    (return (i64.add (local.get $page) (i64.const 13)))))
                (local.set $left (i32.load hart.jitLeft (local.get $hart)))))
            (br $loop2)))
        (local.set $left (i32.sub (local.get $left) (i32.const 2)))
        (local.set $a2 (i64.add (local.get $a2) (i64.const 1)))
        (if @unlikely
          (i32.lt_s (local.get $left) (i32.const 0))
          (then
            (i32.store hart.jitLeft (local.get $hart) (local.get $left))
            (if @unlikely
              (call $core.poll (local.get $hart))
              (then
                (i64.store hart.a0 (local.get $hart) (local.get $a0))
                (i64.store hart.a1 (local.get $hart) (local.get $a1))
                (i64.store hart.a2 (local.get $hart) (local.get $a2))
                (return (i64.add (local.get $page) (i64.const 9)))))
            (local.set $left (i32.load hart.jitLeft (local.get $hart)))))
        (br $loop1))
      (unreachable))
    (unreachable))
  (unreachable))
