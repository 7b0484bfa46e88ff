;; a site's entry of the TLB needs no index; the back edge polls
;;
;; region: lbu a0, 0(s1)
;; add a1, a1, a0
;; bne a1, a2, region
;; li a1, 0
;; j region

(func $region
  ;; $s1:i64 $a0:i64 $a1:i64 $a2:i64
  (local.set $left (i32.load hart.jitLeft (local.get $hart)))
  (local.set $tlb (i32.load hart.tlbData (local.get $hart)))
  (local.set $s1 (i64.load hart.s1 (local.get $hart)))
  (local.set $a0 (i64.load hart.a0 (local.get $hart)))
  (local.set $a1 (i64.load hart.a1 (local.get $hart)))
  (local.set $a2 (i64.load hart.a2 (local.get $hart)))
  (block $block1
    (loop $loop1
      (local.set $left (i32.sub (local.get $left) (i32.const 3)))
      (local.set $va (local.get $s1))
      (local.set $a0
        (if (result i64) @likely
          (i64.eq
            (i64.and (local.get $va) (i64.const -4096))
            (i64.load site.read.page (local.get $tlb)))
          (then
            (i64.load8_u
              (i32.add (i32.load site.read.addend (local.get $tlb)) (i32.wrap_i64 (local.get $va)))))
          (else
            (if (result i64) @likely
              (i64.eq
                (i64.load read.page
                  (local.tee $entry
                    (i32.add
                      (i32.and
                        (i32.wrap_i64 (i64.shr_u (local.get $va) (i64.const 8)))
                        (i32.const 0x3ff0))
                      (local.get $tlb))))
                (i64.and (local.get $va) (i64.const -4096)))
              (then
                (i64.store site.read.page
                  (local.get $tlb)
                  (i64.and (local.get $va) (i64.const -4096)))
                (i32.store site.read.addend
                  (local.get $tlb)
                  (i32.load read.addend (local.get $entry)))
                (i64.load8_u
                  (i32.add (i32.load read.addend (local.get $entry)) (i32.wrap_i64 (local.get $va)))))
              (else
                (i64.store hart.pc (local.get $hart) (i64.add (local.get $page) (i64.const 16)))
                (call $core.load (local.get $hart) (local.get $va) (i32.const 0) (i32.const record))
                (if @unlikely
                  (i32.load hart.trapPending (local.get $hart))
                  (then
                    (local.set $exit (i32.const 768))
                    (br $block1))))))))
      (local.set $a1 (i64.add (local.get $a1) (local.get $a0)))
      (if
        (i64.ne (local.get $a1) (local.get $a2))
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
                  (return (i64.add (local.get $page) (i64.const 17)))))
              (local.set $left (i32.load hart.jitLeft (local.get $hart)))))
          (br $loop1)))
      (local.set $left (i32.sub (local.get $left) (i32.const 2)))
      (local.set $a1 (i64.const 0))
      (if @unlikely
        (i32.lt_s (local.get $left) (i32.const 0))
        (then
          (i32.store hart.jitLeft (local.get $hart) (local.get $left))
          (if @unlikely
            (call $core.poll (local.get $hart))
            (then
              (i64.store hart.a0 (local.get $hart) (local.get $a0))
              (i64.store hart.a1 (local.get $hart) (local.get $a1))
              (return (i64.add (local.get $page) (i64.const 17)))))
          (local.set $left (i32.load hart.jitLeft (local.get $hart)))))
      (br $loop1))
    (unreachable))
  (block $block2
    (br_table $block2 (i32.and (local.get $exit) (i32.const 255))))
  (i64.store hart.a0 (local.get $hart) (local.get $a0))
  (i64.store hart.a1 (local.get $hart) (local.get $a1))
  (i32.store hart.jitLeft
    (local.get $hart)
    (i32.add (local.get $left) (i32.shr_u (local.get $exit) (i32.const 8))))
  (return (i64.or (i64.load hart.pc (local.get $hart)) (i64.const 1)))
  (unreachable))
