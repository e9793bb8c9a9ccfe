/** Rounds of orthogonal iteration; the leading axes are stable long before. */
const ROUNDS = 60;

/**
 * The `count` directions in which centred rows vary most, by orthogonal iteration on their covariance. Deterministic:
 * it starts from the coordinate axes.
 */
export function principalAxes(
  rows: readonly Float64Array[],
  mean: Float64Array,
  count: number,
): Float64Array[] {
  const size = mean.length;
  const covariance = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of rows) {
    for (let i = 0; i < size; i++) {
      const left = (row[i] ?? 0) - (mean[i] ?? 0);
      const target = covariance[i] as Float64Array;
      for (let j = 0; j < size; j++) target[j] = (target[j] ?? 0) + left * ((row[j] ?? 0) - (mean[j] ?? 0));
    }
  }
  let axes = Array.from({ length: count }, (_, i) => {
    const axis = new Float64Array(size);
    axis[i] = 1;
    return axis;
  });
  for (let round = 0; round < ROUNDS; round++) {
    axes = axes.map((axis) =>
      Float64Array.from(covariance, (row) => row.reduce((sum, value, j) => sum + value * (axis[j] ?? 0), 0)),
    );
    axes.forEach((axis, i) => {
      for (const earlier of axes.slice(0, i)) {
        const shared = axis.reduce((sum, value, j) => sum + value * (earlier[j] ?? 0), 0);
        for (let j = 0; j < size; j++) axis[j] = (axis[j] ?? 0) - shared * (earlier[j] ?? 0);
      }
      const length = Math.hypot(...axis);
      for (let j = 0; j < size; j++) axis[j] = (axis[j] ?? 0) / length;
    });
  }
  return axes;
}
