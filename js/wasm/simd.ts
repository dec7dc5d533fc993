/**
 * A module of nothing but `() => i8x16.splat(0)` and its `drop`: the smallest that is valid only with the 128-bit vectors
 * of WebAssembly 2.0.
 */
const VECTOR = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26,
  11,
];

/** Whether the runtime has WebAssembly with SIMD. */
export function hasSimd(): boolean {
  return typeof WebAssembly !== "undefined" && WebAssembly.validate(new Uint8Array(VECTOR));
}
