import { describe, expect, it } from "vitest";
import { Ring } from "./ring.ts";
import { Xorshift } from "./xorshift.ts";

const PLACE = { head: 0, tail: 64, data: 128, capacity: 8 };

function pair() {
  const buffer = new SharedArrayBuffer(256);
  return {
    buffer,
    producer: new Ring(Uint16Array, buffer, PLACE),
    consumer: new Ring(Uint16Array, buffer, PLACE),
  };
}

describe("Ring", () => {
  it("hands entries over in order", () => {
    const { producer, consumer } = pair();
    expect(producer.push([1, 0x1ff, 3])).toBe(3);
    expect(consumer.length).toBe(3);
    expect([...consumer.take(2)]).toEqual([1, 0x1ff]);
    expect([...consumer.take(9)]).toEqual([3]);
    expect(consumer.take(9)).toHaveLength(0);
  });

  it("takes no more than fits", () => {
    const { producer, consumer } = pair();
    expect(producer.push([1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe(8);
    expect(producer.space).toBe(0);
    expect(producer.push([10])).toBe(0);
    consumer.drop(1);
    expect(producer.push([10, 11])).toBe(1);
    expect([...consumer.take(8)]).toEqual([2, 3, 4, 5, 6, 7, 8, 10]);
  });

  it("keeps entries that are only looked at", () => {
    const { producer, consumer } = pair();
    producer.push([7, 8]);
    expect([...consumer.peek(1)]).toEqual([7]);
    expect([...consumer.peek(2)]).toEqual([7, 8]);
  });

  it("returns copies on memory that may be transferred", () => {
    const { producer, consumer } = pair();
    producer.push([7]);
    expect(consumer.take(1).buffer).toBeInstanceOf(ArrayBuffer);
  });

  it("goes on across the wrap of its 32-bit counters", () => {
    const { buffer, producer, consumer } = pair();
    new Int32Array(buffer)[0] = -3;
    new Int32Array(buffer)[16] = -3;
    producer.push([1, 2, 3, 4, 5]);
    expect(consumer.length).toBe(5);
    expect([...consumer.take(5)]).toEqual([1, 2, 3, 4, 5]);
  });

  it("never claims more than its capacity, whatever the header says", () => {
    const { buffer, consumer, producer } = pair();
    new Int32Array(buffer)[0] = 1000;
    expect(consumer.length).toBe(8);
    expect(producer.space).toBe(0);
  });

  it("refuses a capacity that is no power of two", () => {
    const buffer = new SharedArrayBuffer(256);
    expect(() => new Ring(Uint8Array, buffer, { ...PLACE, capacity: 6 })).toThrow("power of two");
  });

  it("loses nothing over many random transfers", () => {
    const { producer, consumer } = pair();
    const random = new Xorshift(7);
    let sent = 0;
    let received = 0;
    for (let i = 0; i < 5000; i++) {
      const values = Array.from({ length: random.below(12) }, (_, k) => (sent + k) & 0xffff);
      sent += producer.push(values);
      for (const value of consumer.take(random.below(12))) expect(value).toBe(received++ & 0xffff);
    }
    expect(sent - received).toBe(consumer.length);
  });
});
